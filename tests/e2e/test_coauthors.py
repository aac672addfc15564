from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.people.models import Follow
from beside.photos.vault.keyring import open_keyring
from beside.posts.models import Audience, Post
from tests.cast import NOW, Cast, make_cast, make_post, make_sealed_photo
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    Follow.objects.create(
        follower=cast.rose,
        followed=cast.tom,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    return cast


@pytest.fixture
def draft(cast):
    return make_post(
        cast.rose,
        state=Post.State.DRAFT,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_sealed_photo(cast.rose)],
    )


def asks_tom(rose):
    rose.get_by_label("Who", exact=True).select_option(label="Tom")
    rose.get_by_label("A few words with it, if you like").fill("You took them.")
    rose.get_by_role("button", name="Ask them").click()
    expect(rose.get_by_role("main")).to_contain_text("You’ve asked Tom.")


def asks_tom_before_publishing(rose, draft):
    rose.goto(reverse("publish", args=[draft.pk]))
    rose.get_by_role("button", name="Ask Tom, then publish").click()
    expect(rose.get_by_role("main")).to_contain_text("This waits for Tom.")


def opens_the_invitation(tom):
    tom.goto(reverse("notices"))
    tom.get_by_role("link", name="Rose asks you to write something together").click()
    expect(tom.get_by_role("main")).to_contain_text("“You took them.”")


def says_yes(tom):
    tom.get_by_role("button", name="Yes, with Rose").click()
    expect(tom.get_by_role("main")).to_contain_text("hidden from you")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_two_write_a_letter_and_show_it_together(open_page, sign_in, cast, draft, script):
    rose, tom, nan = (open_page(java_script_enabled=script) for _ in range(3))
    for page, who in ((rose, cast.rose), (tom, cast.tom), (nan, cast.nan)):
        sign_in(page, who)
    letter = reverse("letter", args=[draft.pk])

    rose.goto(reverse("edit_letter", args=[draft.pk]))
    rose.get_by_role("button", name="Write this with someone").click()
    asks_tom(rose)
    opens_the_invitation(tom)
    says_yes(tom)
    asks_tom_before_publishing(rose, draft)
    assert nan.goto(letter).status == 404

    tom.goto(reverse("notices"))
    tom.get_by_role("link", name="a letter of yours").first.click()
    tom.get_by_role("button", name="I agree").click()
    expect(tom.get_by_role("main")).to_contain_text("You’ve agreed.")

    nan.goto(letter)
    expect(nan.get_by_role("main")).to_contain_text("from Rose and Tom")
    tom.goto(letter)
    tom.locator("header summary").click()
    tom.get_by_role("button", name="Close").click()
    expect(tom.get_by_role("button", name="Open it again")).to_be_visible()
    assert nan.goto(letter).status == 404


def test_each_page_of_two_is_well_made(page, open_page, sign_in, cast, draft):
    tom = open_page()
    sign_in(page, cast.rose)
    sign_in(tom, cast.tom)
    page.goto(reverse("coauthors", args=[draft.pk]))
    is_well_made(page)
    asks_tom(page)
    is_well_made(page)

    tom.goto(reverse("notices"))
    is_well_made(tom)
    opens_the_invitation(tom)
    is_well_made(tom)
    says_yes(tom)
    page.goto(reverse("publish", args=[draft.pk]))
    is_well_made(page)
    asks_tom_before_publishing(page, draft)
    is_well_made(page)
    page.goto(reverse("edit_letter", args=[draft.pk]))
    is_well_made(page)
    tom.goto(reverse("approval", args=[draft.pk]))
    is_well_made(tom)
    tom.get_by_role("button", name="Keep it as it is").click()
    expect(tom.get_by_role("main")).to_contain_text("It stays as it is.")
    tom.goto(reverse("coauthors", args=[draft.pk]))
    is_well_made(tom)


def test_before_more_people_are_asked_for_both_sides_are_shown(page, sign_in, cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan], photographs_for=[cast.nan])
    sign_in(page, cast.rose)
    page.goto(reverse("audience", args=[post.pk]))

    page.get_by_label("Everyone signed in here").first.check()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This needs Tom too")
    is_well_made(page)
    page.get_by_role("button", name="Ask Tom").click()

    expect(page.get_by_role("main")).to_contain_text("You’ve asked to show it to more people.")
    post.refresh_from_db()
    assert post.words_for == Audience.PEOPLE
