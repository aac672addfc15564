"""Takes the pictures of docs/screens from the demonstration, at phone size.

make demo                                        in one terminal
python -m tests.e2e.screens < links.txt          its output, in another
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import BROWSER, FLAGS, PHONE

FOLDER = Path(__file__).parents[2] / "docs" / "screens"


def main() -> None:
    links = dict(re.findall(r"(http://\S+/demo/(\w+):\S+)", sys.stdin.read()))
    signed = {name: link for link, name in links.items()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        _as_margit(_come_in(browser, signed["margit"]))
        _as_anna(_come_in(browser, signed["anna"], color_scheme="dark"))
        browser.close()


def _as_margit(page: Page) -> None:
    letter = page.get_by_role("link", name="The fourteenth of March").first
    letter.evaluate("link => scrollTo(0, link.getBoundingClientRect().top + scrollY - 24)")
    _take(page, "home")
    letter.click()
    page.get_by_text("Show me the photographs").click()
    _take(page, "before-you-look")
    page.get_by_role("button", name=re.compile("Show me (all|both)")).click()
    page.locator(".prints img").nth(2).scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    _take(page, "opened")


def _as_anna(page: Page) -> None:
    page.get_by_role("link", name="Write").click()
    _take(page, "write")
    page.get_by_role("link", name="Letters", exact=True).click()
    page.get_by_role("link", name="The fourteenth of March").first.click()
    page.locator("header summary").click()
    page.get_by_role("link", name="Who can see this").click()
    _take(page, "who-can-see-this")
    page.go_back()
    page.locator("header summary").click()
    page.get_by_role("link", name="Take it back").click()
    _take(page, "take-it-back")


def _come_in(browser: Browser, link: str, **options: str) -> Page:
    page = browser.new_context(**{**PHONE, **options}).new_page()
    page.goto(link)
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
