from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.people.models import Profile
from beside.photos.vault.keyring import open_keyring
from beside.posts import facets
from beside.posts.models import Facet, Post
from tests.cast import Cast, make_cast, make_post
from tests.e2e.page_checks import is_well_made

ASKED = "You wanted to be asked first: it’s about twins, or more."
TITLE = "The fourteenth of March"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


@pytest.fixture
def letter(cast) -> Post:
    post = make_post(cast.rose, words_for=[cast.nan])
    facets.choose(post, [Facet.TWINS], by=cast.rose)
    return post


def test_a_reader_asks_to_be_asked_and_opens_it_when_they_like(
    no_javascript_page, sign_in, cast, letter
):
    nan = no_javascript_page
    sign_in(nan, cast.nan)
    nan.goto(reverse("you"))
    nan.get_by_role("link", name="What you’d rather not see").click()
    nan.get_by_role("group", name="Twins, or more").get_by_label("Ask me first").check()
    nan.get_by_role("button", name="Save").click()
    nan.get_by_role("link", name="Home").first.click()
    expect(nan.get_by_role("article")).to_contain_text(ASKED)
    expect(nan.get_by_role("main")).not_to_contain_text(TITLE)

    nan.get_by_role("button", name="Show it").click()

    expect(nan.get_by_role("heading", name=TITLE)).to_be_visible()
    nan.goto(reverse("step_away"))
    nan.goto(reverse("letter", args=[letter.pk]))
    expect(nan.get_by_role("main")).to_contain_text(ASKED)


def test_not_today_is_one_key_and_home_is_still(page, sign_in, cast, letter):
    sign_in(page, cast.nan)
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    is_well_made(page)

    page.get_by_role("button", name="Not today").press("Enter")

    expect(page.get_by_role("main")).to_contain_text("It will all still be here tomorrow.")
    is_well_made(page)
    page.goto(reverse("letter", args=[letter.pk]))
    expect(page.get_by_role("main")).to_contain_text("You’ve said: nothing today.")
    is_well_made(page)
    page.goto(reverse("content_preferences"))
    is_well_made(page)
    page.goto("/")
    page.get_by_role("button", name="Show me today after all").click()
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    assert Profile.objects.get(account=cast.nan).not_today_until is None


def test_an_author_says_by_what_it_is_found_and_it_is_kept_by_itself(page, sign_in, cast, letter):
    sign_in(page, cast.rose)
    page.goto(reverse("edit_letter", args=[letter.pk]))
    page.locator("summary").filter(has_text="What a reader should know").click()
    is_well_made(page)

    page.get_by_label("A miscarriage").check()
    with page.expect_response(lambda answer: answer.url.endswith("/keep/")):
        page.get_by_label("Twins, or more").uncheck()

    expect(page.locator("[data-kept]")).not_to_be_empty()
    page.reload()
    page.locator("summary").filter(has_text="What a reader should know").click()
    expect(page.get_by_label("A miscarriage")).to_be_checked()
    expect(page.get_by_label("Twins, or more")).not_to_be_checked()
