from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from beside.moderation import house_words
from beside.moderation.last_runs import LastBackup, remember
from tests.cast import NOW
from tests.e2e.page_checks import is_well_made

pytestmark = pytest.mark.usefixtures("data")


@pytest.mark.parametrize("address", ["/host/", "/host/words/", "/", "/help"])
def test_the_hosts_pages_are_well_made(page, sign_in, cast, address):
    house_words.write(
        "We are the bereavement team.\n\nWrite to us whenever you like.",
        helpline="01632 960118",
        helpline_says="at any hour",
        by=cast.marit,
        at=NOW,
    )
    remember(settings.BESIDE.data, LastBackup(timezone.now(), "/mnt/backup"))
    if address.startswith("/host"):
        sign_in(page, cast.marit)

    page.goto(address)

    assert page.locator("h1").count() == 1
    is_well_made(page)


def test_the_host_writes_house_words_without_a_script(no_javascript_page, sign_in, cast):
    page = no_javascript_page
    sign_in(page, cast.marit)
    page.goto("/you/")

    page.get_by_role("link", name="The host’s desk").click()
    page.get_by_role("link", name="House words").click()
    page.get_by_label("What you’d like everybody to read").fill("Be kind.")
    page.get_by_label("A telephone number").fill("01632 960118")
    page.get_by_role("button", name="Say it like this").click()

    expect(page.locator("footer a[href='tel:01632960118']")).to_be_visible()
    page.goto("/help")
    expect(page.get_by_text("Be kind.")).to_be_visible()


@pytest.mark.parametrize("count", ["Four", "Ten"])
def test_a_sheet_of_cards_is_well_made_and_fits_on_paper(page, sign_in, cast, count):
    sign_in(page, cast.marit)
    page.goto("/host/cards/")
    is_well_made(page)

    page.get_by_label(count).check()
    page.get_by_role("button", name="Make a sheet").click()

    page.locator(".cards").wait_for()
    is_well_made(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 733, "height": 1062})  # A4 at 96 dpi, without its margins
    assert page.locator("h1").is_hidden()
    assert page.locator(".cards").bounding_box()["height"] <= 1062
