"""A real browser in front of a real Beside: the whole WSGI application, with delivery, on localhost.

What a machine happens to have must not decide a test: the browser has a fixed locale and time
zone here, and pages are measured under two font families (`page_checks`).
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

from beside.config.wsgi import application
from beside.people.models import Account

# Playwright's own loop runs in this thread; Django would refuse to use the database in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

BROWSER = os.environ.get("BESIDE_TEST_BROWSER") or shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "locale": "en-GB",
    "timezone_id": "Europe/London",
    "color_scheme": "light",
    "reduced_motion": "no-preference",
}
WAIT_MS = 20_000
# A machine that is busy with something else must not look like a page that is wrong.
expect.set_options(timeout=WAIT_MS)

OpenPage = Callable[..., Page]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@dataclass
class Watch:
    """What a browser did that it mustn't: other hosts asked, complaints in the console."""

    origin: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._threw)

    def _threw(self, problem: WebError) -> None:
        # Chromium says by itself that it gave up fading one page into the next; no script of ours asked it to.
        if not str(problem.error).startswith("Transition was "):
            self.problems.append(f"threw: {problem.error} on {problem.page and problem.page.url}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"} and not request.url.startswith(
            self.origin
        ):
            self.problems.append(f"asked elsewhere: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # That the page itself is a 404 is for the test to say.
        own_answer = message.page and message.location.get("url") == message.page.url
        # A test that takes the line away knows that it's gone.
        is_offline = message.text.endswith("net::ERR_INTERNET_DISCONNECTED")
        if message.type in {"error", "warning"} and not (
            is_offline or (own_answer and message.text.startswith("Failed to load resource"))
        ):
            self.problems.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    listening = ThreadedWSGIServer(("localhost", 0), _Quiet, allow_reuse_address=False)
    listening.set_app(application)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()

    yield f"http://localhost:{listening.server_port}"

    listening.shutdown()
    listening.server_close()
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not BROWSER:
        pytest.skip("!! LEFT OUT: no Chromium here (BESIDE_TEST_BROWSER)")
    with sync_playwright() as playwright:
        # Playwright turns the back-forward cache off; people's browsers have it, and so must ours.
        chromium = playwright.chromium.launch(
            executable_path=BROWSER,
            args=FLAGS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(server: str, browser: Browser, transactional_db) -> Iterator[OpenPage]:
    """A page of somebody's own phone; options are those of a Playwright context."""
    watch = Watch(server)
    contexts = []

    def open_one(**options) -> Page:
        context = browser.new_context(base_url=server, **{**PHONE, **options})
        context.set_default_timeout(WAIT_MS)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_one

    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A phone."""
    return open_page()


@pytest.fixture
def no_javascript_page(open_page: OpenPage) -> Page:
    """A phone that runs no script."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def sign_in(server: str) -> Callable[[Page, Account], None]:
    """Sign an account in on a page's browser, without going through the pages for it."""

    def do(page: Page, account: Account) -> None:
        client = Client(HTTP_HOST="localhost")
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": server}]
        )

    return do
