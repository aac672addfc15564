from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import Page, Request
from pydantic import SecretStr

from beside.people.models import Account
from tests.e2e.conftest import PHONE, WAIT_MS
from tests.e2e.page_checks import is_well_made
from tests.identity_provider import IdentityProvider, identity_provider
from tests.web.signing_in import code_in

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture(scope="module")
def there() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def rose(server, there, settings, cast) -> Account:
    """Rose, whom the hospital knows by the address that she has here."""
    told = {
        "url": server,
        "oidc_url": there.url,
        "oidc_client_id": "beside",
        "oidc_secret": SecretStr("secret"),
        "oidc_name": "Lindholm",
    }
    settings.BESIDE = settings.BESIDE.model_copy(update=told)
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    there.knows("r17", email=cast.rose.email, email_verified=True)
    return cast.rose


class Traveller:
    """A phone that goes to another site and comes back, and what it asks of whom."""

    def __init__(self, browser, server: str) -> None:
        self._server = server
        context = browser.new_context(base_url=server, **PHONE)
        context.set_default_timeout(WAIT_MS)
        context.on("request", self._asked)
        self.context, self.page = context, context.new_page()
        self.elsewhere: list[str] = []

    def _asked(self, request: Request) -> None:
        """Our pages lead somebody elsewhere, and load nothing from there."""
        is_ours = request.frame.url.startswith(self._server)
        if is_ours and not request.url.startswith((self._server, "blob:", "data:")):
            self.elsewhere.append(f"{request.is_navigation_request()} {urlsplit(request.url).path}")


@pytest.fixture
def traveller(browser, server, transactional_db) -> Iterator[Traveller]:
    one = Traveller(browser, server)
    yield one
    one.context.close()


def go_there(page: Page) -> None:
    page.get_by_role("link", name="Sign in with Lindholm").click()
    page.get_by_placeholder("sub").fill("r17")
    page.get_by_role("button", name="Authorize").click()


def test_somebody_connects_their_account_and_signs_in_by_their_organisation(traveller, rose):
    page = traveller.page
    page.goto("/account/sign-in/")
    is_well_made(page)

    go_there(page)
    page.get_by_role("heading", name="Is it yours?").wait_for()
    is_well_made(page)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("heading", name="Look in your mail").wait_for()
    page.locator("input[name=code]").fill(code_in(mail.outbox[-1]))
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("heading", name="Connect them?").wait_for()
    is_well_made(page)
    page.get_by_role("button", name="Yes, connect them").click()
    page.get_by_text("Connected since").wait_for()
    is_well_made(page)

    traveller.context.clear_cookies()
    page.goto("/account/sign-in/")
    go_there(page)
    page.wait_for_url("**/")
    page.goto("/you/")
    assert page.get_by_text("Connected since").is_visible()
    assert traveller.elsewhere == ["True /oauth2/authorize"] * 2
