from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.people import accounts, time_zones
from beside.people.models import Account
from beside.posts import publishing
from beside.posts.models import Audience, Post
from beside.web.http.time_zones import COOKIE
from tests.cast import make_account, make_post
from tests.e2e.page_checks import is_well_made

AT = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)


@pytest.fixture
def rose(transactional_db) -> Account:
    rose = make_account("rose")
    accounts.choose_time_zone(rose, "Pacific/Kiritimati")
    return rose


def zone_cookie(page) -> str | None:
    found = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return found.get(COOKIE)


# Chromium tells names that were replaced long ago.
@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Australia/Sydney", {"Australia/Sydney"}),
        ("Asia/Kolkata", {"Asia/Kolkata", "Asia/Calcutta"}),
        (
            "America/Argentina/Buenos_Aires",
            {"America/Argentina/Buenos_Aires", "America/Buenos_Aires"},
        ),
    ],
)
def test_a_browser_tells_its_time_zone(open_page, zone, names):
    page = open_page(timezone_id=zone)

    page.goto("/")

    page.wait_for_function("document.cookie.includes('time_zone=')")
    assert zone_cookie(page) in names
    assert names <= time_zones.known()


def test_without_javascript_it_tells_none_and_pages_are_whole(no_javascript_page):
    no_javascript_page.goto("/")

    expect(no_javascript_page.get_by_role("main")).to_be_visible()
    assert zone_cookie(no_javascript_page) is None


def test_a_letter_bears_its_authors_day_on_the_other_side_of_the_date_line(open_page, rose):
    post = make_post(
        rose,
        state=Post.State.DRAFT,
        words_for=Audience.ANYONE,
        words_signed_in=False,
        about_when="20 weeks",
    )
    publishing.publish(post, by=rose, at=AT)
    page = open_page(timezone_id="Pacific/Pago_Pago")

    for _time in range(2):  # Without the cookie, and with it.
        page.goto(reverse("letter", args=[post.pk]))
        expect(page.get_by_text("16 June 2026")).to_be_visible()
        expect(page.get_by_text("20 weeks")).to_be_visible()


def test_somebody_chooses_their_time_zone(page, sign_in, rose):
    sign_in(page, rose)
    page.goto(reverse("edit_profile"))
    is_well_made(page)

    page.get_by_label("Your time zone").select_option("Kolkata")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Account.objects.get(pk=rose.pk).time_zone == "Asia/Kolkata"


def test_the_editor_has_a_line_for_when_it_was(page, sign_in, rose):
    sign_in(page, rose)
    page.goto(reverse("write"))
    for line in ("What a reader should know", "Publish"):
        page.locator("summary").filter(has_text=line).click()
    page.get_by_label("When it was, if you like").fill("autumn 2019")
    page.get_by_role("button", name="Leave it for later").click()

    expect(page).not_to_have_url("/write/")
    assert Post.objects.get().about_when == "autumn 2019"
