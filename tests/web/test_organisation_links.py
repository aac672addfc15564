from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydantic import SecretStr
from requests import TooManyRedirects

from beside.people import account_changes, guesses, invitations, organisation_links
from beside.people.account_changes import Kind
from beside.people.models import Account, Narrowing
from beside.web.http import identity_provider as provider
from beside.web.http.identity_provider import configuration
from tests.cast import NOW
from tests.identity_provider import IdentityProvider, come_back, identity_provider
from tests.web.signing_in import (
    ask_for_code,
    code_in,
    confirm,
    give_code,
    is_in,
    open_invitation,
    sign_in,
    sign_up,
)

BEGIN, YOURS, OWN = "organisation_begin", "organisation_yours", "organisation_link"


@pytest.fixture(scope="module")
def there() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def hospital(there, settings) -> IdentityProvider:
    settings.BESIDE = settings.BESIDE.model_copy(
        update={
            "oidc_url": there.url,
            "oidc_client_id": "beside",
            "oidc_secret": SecretStr("secret"),
            "oidc_name": "Lindholm",
        }
    )
    return there


@pytest.fixture
def rose(cast) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


def knows_rose(hospital, rose, **more) -> None:
    hospital.knows("r17", **{"email": rose.email, "email_verified": True} | more)


def go(client: Client, **query: str) -> str:
    """Where the link on our page leads to."""
    answer = client.get(reverse(BEGIN), query)
    assert answer.status_code == 302
    return answer.headers["Location"]


def arrive(client: Client, hospital: IdentityProvider, subject: str = "r17"):
    return come_back(client, go(client), hospital, sub=subject)


def link(account: Account, hospital: IdentityProvider, subject: str = "r17") -> None:
    organisation_links.link(account, organisation_links.digest_of(hospital.url, subject))


def said(client: Client, name: str = "account_login") -> str:
    return client.get(reverse(name), follow=True).content.decode()


@pytest.mark.django_db
def test_nothing_of_it_is_there_unless_the_host_has_named_a_provider(client):
    for name in (BEGIN, "organisation_back", YOURS):
        assert client.get(reverse(name)).status_code == 404
    assert reverse(BEGIN) not in said(client)


def test_the_page_for_signing_in_leads_there_with_nothing_loaded_from_it(client, cast, hospital):
    page = client.get(reverse("account_login"), {"next": "/notices/"})

    assert f'href="{reverse(BEGIN)}?next=%2Fnotices%2F"' in page.content.decode()
    assert hospital.url not in page.content.decode() + str(page.headers)


def test_what_is_asked_there_has_a_state_a_nonce_and_a_challenge(client, cast, hospital):
    first, second = go(client), go(client)

    assert first.startswith(f"{hospital.url}/oauth2/authorize?")
    for word in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert word in first
    assert "scope=openid+email&" in first
    assert first != second


def test_whoever_is_connected_comes_in_where_they_wanted_to(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)

    answer = come_back(client, go(client, next=reverse("notices")), hospital, sub="r17")

    assert answer.headers["Location"] == reverse("notices")
    assert client.session["_auth_user_id"] == str(rose.pk)
    assert not SocialToken.objects.exists()
    assert SocialAccount.objects.get().extra_data == {}


def test_no_link_from_elsewhere_leads_out_or_begins_it(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)

    elsewhere = client.get(reverse(BEGIN), headers={"Sec-Fetch-Site": "cross-site"})
    answer = come_back(client, go(client, next="//evil.example/"), hospital, sub="r17")

    assert elsewhere.headers["Location"] == reverse("account_login")
    assert answer.headers["Location"] == reverse("home")


def test_an_account_with_the_address_is_opened_only_by_its_own_sign_in_and_a_yes(
    client, rose, hospital
):
    knows_rose(hospital, rose)

    answer = arrive(client, hospital)
    assert answer.headers["Location"] == reverse(YOURS)
    assert not is_in(client)
    assert "Is it yours?" in said(client, YOURS)
    client.post(reverse(YOURS))
    assert not SocialAccount.objects.exists()

    ask_for_code(client, rose.email)
    asked = give_code(client, code_in(mail.outbox[-1]))
    assert asked.headers["Location"] == reverse(YOURS)
    assert not SocialAccount.objects.exists()

    client.post(reverse(YOURS))
    assert organisation_links.link_of(rose) is not None
    assert "connected with" in mail.outbox[-1].body
    client.post(reverse("account_logout"))
    arrive(client, hospital)
    assert is_in(client)


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": "true"}])
def test_an_address_that_is_not_confirmed_there_is_nobodys(client, rose, hospital, claims):
    knows_rose(hospital, rose, **claims)

    answer = arrive(client, hospital)

    assert answer.headers["Location"] == reverse("account_login")
    assert "confirmed an address" in said(client)
    sign_in(client, rose)
    assert client.get(reverse(YOURS)).status_code == 302


def test_signing_in_as_somebody_else_connects_nobody(client, cast, rose, hospital):
    knows_rose(hospital, rose)
    EmailAddress.objects.create(user=cast.tom, email=cast.tom.email, verified=True, primary=True)
    arrive(client, hospital)

    sign_in(client, cast.tom)
    client.post(reverse(YOURS))

    assert not SocialAccount.objects.exists()


@pytest.mark.thorough
def test_a_new_account_needs_the_same_invitation_and_code_as_any(client, cast, hospital):
    hospital.knows("new", email="new@home.example", email_verified=True)
    arrive(client, hospital, "new")
    assert "A place here begins with an invitation" in said(client, "account_signup")

    _invitation, secret = invitations.make(cast.rose, name="", at=timezone.now())
    open_invitation(client, secret)
    assert 'value="new@home.example"' in said(client, "account_signup")
    sign_up(client, name="New", email="new@home.example")
    assert not is_in(client)

    assert confirm(client).headers["Location"] == reverse(YOURS)
    client.post(reverse(YOURS))
    assert organisation_links.link_of(Account.objects.get(email="new@home.example")) is not None


def test_what_came_back_once_comes_back_no_second_time(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)
    back = hospital.answer(go(client), sub="r17").partition("localhost")[2].partition("/")[2]
    client.get(f"/{back}")
    client.post(reverse("account_logout"))

    client.get(f"/{back}")

    assert not is_in(client)
    assert "lapsed" in said(client)


@pytest.mark.parametrize("query", [{}, {"code": "x"}, {"code": "x", "state": "y"}])
def test_without_a_state_of_this_browser_nobody_comes_in(client, rose, hospital, query):
    client.get(reverse("organisation_back"), query)

    assert not is_in(client)
    assert "lapsed" in said(client)


def test_what_another_browser_began_brings_nobody_in(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)

    come_back(client, go(Client()), hospital, sub="r17")

    assert not is_in(client)


def test_an_answer_for_another_nonce_is_not_believed(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)
    there = go(client)
    session = client.session
    for noted in session["socialaccount_states"].values():
        noted[0]["nonce"] = "another"
    session.save()

    come_back(client, there, hospital, sub="r17")

    assert not is_in(client)
    assert "for certain who you are" in said(client)


@pytest.mark.parametrize(
    "changed", [{"oidc_client_id": "another"}, {"oidc_url": "http://localhost:1"}]
)
def test_an_answer_for_another_place_or_from_another_provider_is_not_believed(
    client, rose, hospital, settings, changed
):
    knows_rose(hospital, rose)
    link(rose, hospital)
    back = hospital.answer(go(client), sub="r17")
    settings.BESIDE = settings.BESIDE.model_copy(update=changed)

    client.get(back.partition(settings.BESIDE.url)[2])

    assert not is_in(client)


@pytest.mark.parametrize("token", ["", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyMTcifQ."])
def test_a_token_that_is_not_signed_is_not_believed(client, rose, hospital, monkeypatch, token):
    knows_rose(hospital, rose)
    link(rose, hospital)
    forged = {"access_token": "a", "id_token": token}
    monkeypatch.setattr(OAuth2Client, "get_access_token", lambda *_, **__: forged)

    arrive(client, hospital)

    assert not is_in(client)
    assert "for certain who you are" in said(client)


def test_whoever_stops_there_is_told_that_nothing_has_changed(client, cast, hospital):
    [state] = parse_qs(urlsplit(go(client)).query)["state"]

    client.get(reverse("organisation_back"), {"error": "access_denied", "state": state})

    assert "stopped that sign-in" in said(client)


def test_a_provider_that_is_away_is_said_to_be(client, cast, hospital, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"oidc_url": "http://localhost:1"})

    client.get(reverse(BEGIN))

    assert "be reached at the moment" in said(client)


def test_an_address_that_changes_there_changes_nothing_here(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)
    before = rose.email
    knows_rose(hospital, rose, email="married@home.example", name="Somebody")

    arrive(client, hospital)

    rose.refresh_from_db()
    assert client.session["_auth_user_id"] == str(rose.pk)
    assert (rose.email, rose.profile.name) == (before, "Rose")


def test_one_person_there_is_one_account_here(cast, rose, hospital):
    link(rose, hospital)

    with pytest.raises(organisation_links.LinkedWithAnother):
        link(cast.tom, hospital)
    with pytest.raises(organisation_links.LinkedAlready):
        link(rose, hospital, "another")


def test_a_closed_account_stays_closed(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)
    Account.objects.filter(pk=rose.pk).update(is_active=False)

    arrive(client, hospital)

    assert not is_in(client)


def test_an_account_is_connected_and_disconnected_by_its_owner(client, rose, hospital):
    hospital.knows("r17", email="other@work.example", email_verified=True)
    sign_in(client, rose)
    arrive(client, hospital)
    assert "Connected since" in said(client, OWN)

    client.post(reverse("organisation_end"))

    assert "Connect my account" in said(client, OWN)
    assert is_in(client)


def test_a_restore_ends_a_link_that_was_ended_with_nobody_else_signed_in(client, rose, hospital):
    sign_in(client, rose)
    link(rose, hospital)

    client.post(reverse("organisation_end"))

    assert organisation_links.link_of(rose) is None
    [narrowed] = Narrowing.objects.filter(kind=Narrowing.Kind.SIGNED_OUT)
    assert narrowed.subject == {"account": str(rose.pk)}


@pytest.mark.thorough
def test_a_provider_that_leads_elsewhere_is_followed_nowhere(hospital):
    class LeadsThere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", hospital.url + self.path)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), LeadsThere) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        with pytest.raises(TooManyRedirects):
            configuration(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_a_sign_in_there_confirms_nothing_that_matters(client, rose, hospital):
    knows_rose(hospital, rose)
    link(rose, hospital)
    arrive(client, hospital)

    answer = client.post(reverse("organisation_end"))

    assert "/account/again/" in answer.headers["Location"]
    assert organisation_links.link_of(rose) is not None


def test_undoing_a_change_that_somebody_else_made_ends_it(rose, hospital):
    link(rose, hospital)
    change, _told = account_changes.record(rose, Kind.SIGNED_IN, at=NOW)

    account_changes.undo(change, at=NOW)

    assert organisation_links.link_of(rose) is None


def test_so_many_begin_from_one_place_within_an_hour(client, cast, hospital, monkeypatch):
    monkeypatch.setattr(guesses, "ORGANISATION", guesses.Limit("organisation", 2, guesses._HOUR))

    statuses = [client.get(reverse(BEGIN)).status_code for _ in range(3)]

    assert statuses == [302, 302, 429]


def test_a_provider_that_is_away_costs_nobody_a_try(client, cast, hospital, settings, monkeypatch):
    monkeypatch.setattr(guesses, "ORGANISATION", guesses.Limit("organisation", 2, guesses._HOUR))
    there = settings.BESIDE
    settings.BESIDE = there.model_copy(update={"oidc_url": "http://localhost:1"})
    away = [client.get(reverse(BEGIN)).headers["Location"] for _ in range(3)]
    settings.BESIDE = there

    statuses = [client.get(reverse(BEGIN)).status_code for _ in range(3)]

    assert away == [reverse("account_login")] * 3
    assert statuses == [302, 302, 429]


def test_what_the_provider_says_of_itself_is_asked_once_in_a_while(
    client, cast, hospital, monkeypatch
):
    asked = []
    monkeypatch.setattr(
        provider, "configuration", lambda issuer: asked.append(issuer) or configuration(issuer)
    )
    provider._configuration_in.cache_clear()
    monkeypatch.setattr(provider, "time", SimpleNamespace(monotonic=lambda: 10.0))

    go(client)
    go(client)
    assert asked == [hospital.url]

    monkeypatch.setattr(provider, "time", SimpleNamespace(monotonic=lambda: 310.0))
    go(client)
    assert asked == [hospital.url] * 2
