from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.people import circles
from beside.people.models import Follow
from beside.photos.vault.keyring import open_keyring
from beside.posts.models import Post
from tests.cast import NOW, Cast, make_cast, make_circle, make_post
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    Follow.objects.create(
        follower=cast.nan,
        followed=cast.rose,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    return cast


@pytest.fixture
def draft(cast):
    words = "I was angry.\n\nAnd then I wasn’t."
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words=words)


@pytest.fixture
def three(open_page, sign_in, cast):
    pages = [open_page() for _ in range(3)]
    for page, who in zip(pages, (cast.rose, cast.tom, cast.nan), strict=True):
        sign_in(page, who)
    return pages


def test_a_third_comes_to_a_letter_once_the_second_has_agreed(three, draft):
    rose, tom, nan = three

    rose.goto(reverse("coauthors", args=[draft.pk]))
    rose.get_by_label("Who", exact=True).select_option(label="Nan")
    is_well_made(rose)
    rose.get_by_role("button", name="Ask Tom first").click()
    expect(rose.get_by_role("main")).to_contain_text("This waits for Tom.")
    is_well_made(rose)
    tom.goto(reverse("notices"))
    tom.get_by_role("link", name="a letter of yours").click()
    is_well_made(tom)
    tom.get_by_role("button", name="I agree").click()
    expect(tom.get_by_role("main")).to_contain_text("Nan has been asked to write it with you.")
    nan.goto(reverse("notices"))
    nan.get_by_role("link", name="Rose asks you to write something together").click()
    is_well_made(nan)
    nan.get_by_role("button", name="Yes, with Rose").click()
    expect(nan.get_by_role("main")).to_contain_text("Authors")


def test_each_signs_what_they_wrote_and_nobody_else_does(three, draft):
    rose, tom, _nan = three
    edit = reverse("edit_letter", args=[draft.pk])

    rose.goto(edit)
    words = rose.get_by_label("As much or as little as you want")
    words.click()
    words.evaluate("words => words.setSelectionRange(3, 3)")
    rose.get_by_role("button", name="Sign this passage").click()
    expect(words).to_have_value("I was angry.\n\n[signed Rose]\n\n\nAnd then I wasn’t.")
    expect(rose.locator("[data-kept]")).to_contain_text("Saved at")
    is_well_made(rose)
    tom.goto(edit)
    tom.get_by_label("As much or as little as you want").fill("Forged.\n\n[signed Rose]")
    expect(tom.locator("[data-kept-needs]")).to_contain_text("kept as plain words: Rose.")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_what_was_shared_before_is_asked_about_once(open_page, sign_in, cast, script):
    family = make_circle(cast.rose, of=[cast.ines])
    letter = make_post(cast.rose, cast.tom, words_for=[family])
    rose, nan = (open_page(java_script_enabled=script) for _ in range(2))
    sign_in(rose, cast.rose)
    sign_in(nan, cast.nan)
    page = reverse("letter", args=[letter.pk])

    rose.goto(reverse("circle", args=[family.pk]))
    rose.get_by_label("Somebody you know here").select_option(label="Nan")
    rose.get_by_role("button", name="Add", exact=True).click()
    expect(rose.get_by_role("main")).to_contain_text(letter.title)
    if script:
        is_well_made(rose)
    rose.get_by_role("button", name="Only new letters").click()
    expect(rose.get_by_role("main")).to_contain_text("Only what was published since")
    if script:
        is_well_made(rose)
    assert nan.goto(page).status == 404
    rose.get_by_role("button", name="Let Nan see what was shared before").click()
    expect(rose.get_by_role("button", name="Let Nan see only what came since")).to_be_visible()
    assert nan.goto(page).status == 200
    assert [one.pk for one in circles.members(family)] == [cast.ines.pk, cast.nan.pk]


def test_without_a_script_one_signs_and_has_quiet_days(open_page, sign_in, cast):
    draft = make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words="")
    rose = open_page(java_script_enabled=False)
    sign_in(rose, cast.rose)

    rose.goto(reverse("edit_letter", args=[draft.pk]))
    rose.get_by_label("As much or as little as you want").fill("We knew from about four.")
    rose.get_by_role("button", name="Sign this passage").click()
    rose.locator("summary").filter(has_text="Publish").click()
    rose.get_by_role("button", name="Read it as a reader").click()
    rose.goto(reverse("letter", args=[draft.pk]))
    expect(rose.get_by_role("main")).to_contain_text("— Rose")
    rose.goto(reverse("you"))
    rose.get_by_role("link", name="Quiet days").click()
    rose.get_by_role("button", name="Begin quiet days").click()
    expect(rose.get_by_role("status").first).to_be_visible()
    rose.goto(reverse("notices"))
    expect(rose.get_by_role("main")).to_contain_text("You’re having quiet days until")
