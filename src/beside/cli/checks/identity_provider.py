"""Check of the organisation's identity provider, where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from requests import RequestException

from beside.cli.checks.findings import Finding, well, wrong
from beside.config.env import Env
from beside.web.http import identity_provider

_ABOUT = "identity provider"


def look(env: Env) -> Iterator[Finding]:
    """Ask the provider what it says of itself, as a sign-in begins."""
    if not env.oidc_url:
        return
    try:
        told = identity_provider.configuration(env.oidc_url)
    except RequestException:
        yield wrong(
            _ABOUT,
            f"{env.oidc_url} doesn't answer, so nobody can sign in with {env.oidc_name}. Other ways to sign in work.",
            "Open its /.well-known/openid-configuration from this machine.",
        )
    except identity_provider.NOT_AS_AGREED:
        yield wrong(
            _ABOUT,
            f"{env.oidc_url} doesn't describe itself as OpenID Connect has it, or not by that name.",
            'Set BESIDE_OIDC_URL to exactly what its /.well-known/openid-configuration calls "issuer".',
        )
    else:
        yield _keys(env, told["jwks_uri"])


def _keys(env: Env, address: str) -> Finding:
    """Without them nothing that it says of anybody is believed."""
    try:
        identity_provider.keys_at(address)
    except (RequestException, *identity_provider.NOT_AS_AGREED):
        return wrong(
            _ABOUT,
            f"{env.oidc_url} answers, but not with its keys, so nobody can sign in with {env.oidc_name}. Other ways to sign in work.",
            'Open the address that its /.well-known/openid-configuration calls "jwks_uri" from this machine.',
        )
    return well(_ABOUT, f"{env.oidc_name} answers at {env.oidc_url}, and so do its keys.")
