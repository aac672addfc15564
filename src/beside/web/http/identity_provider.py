"""The organisation's own identity provider, asked by OpenID Connect: the code flow, with PKCE and a nonce.

allauth keeps the state and fetches the token; PyJWT checks its signature. What is sent and what is believed is decided here. No token is
kept, and no page of ours asks anything of the provider: a browser goes there only by a link that somebody presses.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import jwt
from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from jwt import PyJWK, PyJWKSet, PyJWTError
from requests import RequestException, Session

from beside.people import organisation_links

# Only those for which nobody but the provider has the key.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_CLOCKS_DIFFER_S = 60
_REMEMBERED_S = 5 * 60
_WELL_KNOWN = "/.well-known/openid-configuration"
# What a document or a token of another form than agreed brings about.
NOT_AS_AGREED = (OAuth2Error, PyJWTError, KeyError, TypeError, ValueError, AttributeError)


class NoSignIn(Exception):
    """Somebody who went to the provider isn't signed in. The message is for them."""


class ProviderAway(NoSignIn):
    """The provider doesn't answer, so nothing was tried."""

    def __init__(self) -> None:
        sentence = _("%(name)s can’t be reached at the moment. A code by mail always works.")
        super().__init__(sentence % {"name": settings.BESIDE.oidc_name})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is there. `address` is empty unless the provider says that it has confirmed it."""

    digest: str
    address: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody who comes back, and what was noted when they went: the page that they wanted, and who was signed in."""

    identity: Identity
    next: str
    account: str


def is_offered() -> bool:
    """Whether this place has an identity provider."""
    return bool(settings.BESIDE.oidc_url)


def begin(request: HttpRequest, *, next_page: str) -> str:
    """Note that this browser goes there, and return the address it goes to. Raises `NoSignIn`."""
    pkce = generate_code_challenge()
    nonce = secrets.token_urlsafe(32)
    next_page = next_page if account_adapter(request).is_safe_url(next_page) else ""
    noted = {"verifier": pkce.pop("code_verifier"), "nonce": nonce, "next": next_page}
    noted["account"] = str(request.user.pk or "")
    try:
        target = str(_known_configuration()["authorization_endpoint"])
    except (RequestException, *NOT_AS_AGREED):
        raise ProviderAway from None
    state = statekit.stash_state(request, provider_id=organisation_links.PROVIDER, state=noted)
    asked = {
        "response_type": "code",
        "client_id": settings.BESIDE.oidc_client_id,
        "redirect_uri": _back(),
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        **pkce,
    }
    return f"{target}{'&' if '?' in target else '?'}{urlencode(asked)}"


def end(request: HttpRequest) -> Returned:
    """Judge what somebody comes back with. Each state is judged once. Raises `NoSignIn`."""
    noted = statekit.unstash_state(
        request,
        state_id=request.GET.get("state", ""),
        provider_id=organisation_links.PROVIDER,
    )
    if noted is None:
        raise NoSignIn(_("That sign-in has lapsed. Please begin again."))
    if request.GET.get("error") == "access_denied":
        raise NoSignIn(_("You’ve stopped that sign-in. Nothing has changed."))
    try:
        claims = _claims(request, noted)
        identity = _believed(claims)
    except RequestException:
        raise ProviderAway from None
    except NOT_AS_AGREED:
        sentence = _(
            "%(name)s didn’t say for certain who you are. Please begin again, or ask for a code by mail."
        )
        raise NoSignIn(sentence % {"name": settings.BESIDE.oidc_name}) from None
    return Returned(identity, noted["next"], noted["account"])


def _claims(request: HttpRequest, noted: dict[str, Any]) -> dict[str, Any]:
    """What the provider says of whoever has this code. What isn't for this browser and this place is an `OAuth2Error`."""
    issuer = settings.BESIDE.oidc_url
    if request.GET.get("iss", issuer) != issuer or "code" not in request.GET:
        raise OAuth2Error
    told = _known_configuration()
    tokens = _client(request, told).get_access_token(  # type: ignore[no-untyped-call]
        request.GET["code"], pkce_code_verifier=noted["verifier"]
    )
    client = settings.BESIDE.oidc_client_id
    claims = _verified(tokens["id_token"], keys=told["jwks_uri"])
    if not hmac.compare_digest(str(claims["nonce"]).encode(), noted["nonce"].encode()):
        raise OAuth2Error
    if claims.get("azp", client) != client:
        raise OAuth2Error
    if "email" not in claims and "userinfo_endpoint" in told:
        claims |= _user_info(told["userinfo_endpoint"], tokens["access_token"], claims["sub"])
    return claims


def _verified(token: str, *, keys: str) -> dict[str, Any]:
    """What a token says, once its signature by one of the provider's own keys, its issuer, audience and time are right."""
    named = jwt.get_unverified_header(token).get("kid")
    [key] = [one for one in keys_at(keys) if named in (None, one.key_id)]
    claims: dict[str, Any] = jwt.decode(
        token,
        key.key,
        algorithms=_ALGORITHMS,
        audience=settings.BESIDE.oidc_client_id,
        issuer=settings.BESIDE.oidc_url,
        leeway=_CLOCKS_DIFFER_S,
        options={"require": ["exp", "iat", "nonce", "sub"]},
    )
    return claims


def _believed(claims: dict[str, Any]) -> Identity:
    """An address that isn't said to be confirmed is nobody's."""
    subject, address = claims["sub"], claims.get("email", "")
    if not isinstance(subject, str) or not subject or not isinstance(address, str):
        raise TypeError
    is_confirmed = claims.get("email_verified") is True
    return Identity(
        organisation_links.digest_of(settings.BESIDE.oidc_url, subject),
        address if is_confirmed else "",
    )


def _user_info(address: str, token: str, subject: str) -> dict[str, Any]:
    with _asking() as session:
        answer = session.get(address, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
    if said["sub"] != subject:
        raise OAuth2Error
    return {name: said[name] for name in ("email", "email_verified") if name in said}


def configuration(issuer: str) -> dict[str, Any]:
    """What the provider says of itself, which must be by the name that the host has given. Raises as `requests` does, or one of `NOT_AS_AGREED`."""
    with _asking() as session:
        answer = session.get(issuer.rstrip("/") + _WELL_KNOWN)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    if told["issuer"] != issuer:
        raise OAuth2Error
    for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(told[needed], str):
            raise TypeError
    return told


def keys_at(address: str) -> list[PyJWK]:
    """The provider's own keys. Raises as `requests` does, or one of `NOT_AS_AGREED`, also where there is none that could be used."""
    with _asking() as session:
        answer = session.get(address)
        answer.raise_for_status()
        return PyJWKSet.from_dict(answer.json()).keys


def _known_configuration() -> dict[str, Any]:
    """The same of our provider, asked at most five minutes ago. What isn't as agreed is asked for again."""
    return _configuration_in(int(time.monotonic() // _REMEMBERED_S), settings.BESIDE.oidc_url)


@lru_cache(maxsize=1)
def _configuration_in(_five_minutes: int, issuer: str) -> dict[str, Any]:
    return configuration(issuer)


def _asking() -> Session:
    session: Session = get_adapter().get_requests_session()  # type: ignore[no-untyped-call]
    return session


def _client(request: HttpRequest, told: dict[str, Any]) -> OAuth2Client:
    ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return OAuth2Client(
        request,
        settings.BESIDE.oidc_client_id,
        settings.BESIDE.oidc_secret.get_secret_value(),
        "POST",
        told["token_endpoint"],
        _back(),
        basic_auth="client_secret_post" not in ways,
    )


def _back() -> str:
    return str(settings.BESIDE.url).rstrip("/") + reverse("organisation_back")
