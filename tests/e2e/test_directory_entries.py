"""Being found in a browser: somebody says so, is found, is shown less of, and takes it back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from tests.cast import NOW, Cast, make_cast
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


def test_somebody_is_found_once_they_have_said_so_and_no_longer_than_that(open_page, sign_in, cast):
    page = open_page()
    sign_in(page, cast.rose)
    page.goto(reverse("find"))
    is_well_made(page)
    page.get_by_role("link", name="Be found").click()
    page.get_by_label("In your own words").fill("Ask us about him.")
    page.get_by_label("What happened").select_option("A baby who died before birth")
    page.get_by_label("A language you read").select_option("English")

    page.get_by_role("button", name="See what others would see").click()

    preview = page.get_by_role("region", name="This is what others would see")
    expect(preview).to_contain_text("Ask us")
    is_well_made(page)

    page.get_by_label("Let people who have an account").check()
    page.get_by_role("button", name="Be found").click()

    expect(page.get_by_role("status")).to_contain_text("can find you now")

    page.get_by_role("button", name="Don’t be found").click()

    expect(page.get_by_role("main")).to_contain_text("You aren’t found by anybody.")


def test_somebody_is_looked_for_found_and_shown_less_of(open_page, sign_in, cast):
    directory_entries.save(cast.rose, Said("Ask us about him."), at=NOW)
    page = open_page()
    sign_in(page, cast.nan)
    page.goto(reverse("find"))
    page.get_by_label("A name, a place, a word").fill("ask")
    page.get_by_role("button", name="Find").click()
    is_well_made(page)

    page.get_by_role("link", name="Rose").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Show me less from Rose").click()

    expect(page.get_by_role("status")).to_contain_text("They aren’t told.")
    page.get_by_text("More", exact=True).click()
    is_well_made(page)
