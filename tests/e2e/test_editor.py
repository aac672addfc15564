from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.photos.vault import keyring
from beside.posts import autosave, drafting
from beside.posts.models import Audience, Post
from beside.posts.text import from_json, text_of
from tests.cast import Cast, make_cast, make_circle, make_photo, make_post
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db) -> Cast:
    return make_cast()


@pytest.fixture
def rose(page, cast, sign_in):
    sign_in(page, cast.rose)
    return page


def words(page):
    return page.get_by_label("As much or as little as you want")


def is_kept(page):
    expect(page.locator("[data-kept]")).to_contain_text(re.compile(r"Saved at \d\d.\d\d"))


def make_draft(*authors, **fields):
    return make_post(*authors, state=Post.State.DRAFT, **fields)


def test_what_is_typed_is_kept_at_each_pause_and_comes_back(rose):
    rose.goto(reverse("write"))
    rose.get_by_label("A title, if you like").fill("The fourteenth of March")
    words(rose).fill("We knew from about four.")
    is_kept(rose)
    expect(rose.locator("[data-kept]")).to_contain_text("Nobody can see this but you.")

    rose.reload()

    expect(words(rose)).to_have_value("We knew from about four.")
    post = Post.objects.get()
    assert (post.title, post.state) == ("The fourteenth of March", Post.State.DRAFT)


def test_captions_and_descriptions_are_kept_too(rose, cast):
    post = make_draft(
        cast.rose, photos=[make_photo(cast.rose, state="received", description="", caption="")]
    )
    rose.goto(reverse("edit_letter", args=[post.pk]))

    rose.get_by_label("What can be seen").fill("A hand")
    rose.get_by_label("Words under it").fill("His.")
    is_kept(rose)

    photo = post.placed.get().photo
    assert (photo.description, photo.caption) == ("A hand", "His.")


def test_words_typed_without_a_line_survive_a_closed_tab_and_reach_the_server_later(rose):
    rose.goto(reverse("write"))
    rose.context.route("**/keep/", lambda route: route.abort("internetdisconnected"))
    words(rose).fill("Typed on a ward without a line.")
    expect(rose.locator("[data-kept]")).to_contain_text("is on this device")
    again = rose.context.new_page()
    rose.close()
    again.context.unroute("**/keep/")

    again.goto(reverse("write"))

    expect(words(again)).to_have_value("Typed on a ward without a line.")
    is_kept(again)
    assert Post.objects.get().words == "Typed on a ward without a line."


def test_when_the_line_comes_back_the_words_go_on_by_themselves(rose, cast):
    post = make_draft(cast.rose, words="Before")
    rose.goto(reverse("edit_letter", args=[post.pk]))
    rose.context.set_offline(True)
    words(rose).fill("Without a line")
    expect(rose.locator("[data-kept]")).to_contain_text("is on this device")

    rose.context.set_offline(False)

    is_kept(rose)
    post.refresh_from_db()
    assert post.words == "Without a line"


def test_two_devices_at_the_same_time_lose_neither_text(rose, cast, open_page, sign_in):
    post = make_draft(cast.rose, words="Before")
    tablet = open_page()
    sign_in(tablet, cast.rose)
    for one in (rose, tablet):
        one.goto(reverse("edit_letter", args=[post.pk]))

    words(rose).fill("From the phone")
    is_kept(rose)
    words(tablet).fill("From the tablet")
    tablet.get_by_role("link", name="Look at both").click()

    expect(words(tablet)).to_have_value("From the phone")
    expect(tablet.locator("#others")).to_contain_text("From the tablet")
    tablet.get_by_role("button", name="Continue with this one").click()
    expect(words(tablet)).to_have_value("From the tablet")
    (other,) = autosave.from_other_devices(post, by=cast.rose)
    assert from_json(other.fields)["words"] == "From the phone"


def test_somebody_signed_out_is_told_and_finds_the_words_again(rose, cast, sign_in):
    post = make_draft(cast.rose, words="Before")
    rose.goto(reverse("edit_letter", args=[post.pk]))
    rose.context.clear_cookies(name="session")

    words(rose).fill("After the session ended")
    expect(rose.locator("[data-kept]")).to_contain_text("You’ve been signed out")
    sign_in(rose, cast.rose)
    rose.reload()

    expect(words(rose)).to_have_value("After the session ended")


def test_photographs_move_in_place(rose, cast):
    post = make_draft(cast.rose)
    photos = [
        make_photo(cast.rose, state="received", description=name)
        for name in ("one", "two", "three")
    ]
    for photo in photos:
        drafting.place(post, photo, by=cast.rose)
    rose.goto(reverse("edit_letter", args=[post.pk]))
    third = rose.get_by_role("group", name="Photograph 3")

    third.get_by_role("button", name="Move up").click()
    expect(rose.locator("[data-order-says]")).to_contain_text("Photograph 3: 2 / 3")
    third.get_by_role("button", name="Move up").click()
    expect(rose.locator("[data-order-says]")).to_contain_text("Photograph 3: 1 / 3")

    expect(third.get_by_role("button", name="Move down")).to_be_focused()
    order = list(post.placed.order_by("position").values_list("photo", flat=True))
    assert order == [photos[2].pk, photos[0].pk, photos[1].pk]


def test_a_photograph_can_be_dragged_to_another_place(rose, cast):
    post = make_draft(cast.rose)
    photos = [make_photo(cast.rose, state="received") for _ in range(3)]
    for photo in photos:
        drafting.place(post, photo, by=cast.rose)
    rose.goto(reverse("edit_letter", args=[post.pk]))
    grip = rose.get_by_role("group", name="Photograph 1").locator("[data-grip]")

    grip.hover()
    rose.mouse.down()
    for name in ("Photograph 2", "Photograph 3"):
        card = rose.get_by_role("group", name=name)
        card.scroll_into_view_if_needed()
        card.get_by_label("Words under it").hover()
    rose.mouse.up()

    expect(rose.locator("[data-order-says]")).to_contain_text("Photograph 1: 3 / 3")
    rose.reload()
    order = list(post.placed.order_by("position").values_list("photo", flat=True))
    assert order == [photos[1].pk, photos[2].pk, photos[0].pk]


def test_photographs_wider_than_the_words_cannot_be_chosen(rose, cast):
    post = make_draft(cast.rose)
    rose.goto(reverse("edit_letter", args=[post.pk]))
    photographs = rose.get_by_role("group", name="The photographs")

    expect(photographs.get_by_label("Anyone", exact=False).last).to_be_disabled()
    rose.get_by_role("group", name="The words").get_by_label("Everyone signed in").check()
    photographs.get_by_label("Everyone signed in").check()
    rose.get_by_role("group", name="The words").get_by_label("Only us").check()

    expect(photographs.get_by_label("Only us")).to_be_checked()
    is_kept(rose)
    post.refresh_from_db()
    assert (post.words_for, post.photographs_for) == (Audience.ONLY_US, Audience.ONLY_US)


def test_the_whole_way_without_scripts(no_javascript_page, cast, sign_in):
    page = no_javascript_page
    sign_in(page, cast.rose)
    family = make_circle(cast.rose, of=[cast.nan])
    page.goto(reverse("write"))
    words(page).fill("We knew from about four.")
    words_for = page.get_by_role("group", name="The words")
    words_for.get_by_label("These people").check()
    words_for.get_by_label(family.name).check()
    page.get_by_role("button", name="Continue to publishing").click()

    expect(page.get_by_role("heading", name="Who could see it, by name")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nan")
    page.get_by_role("link", name="Read it as a reader").first.click()
    page.get_by_label("Read it as").select_option(label="Nan")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("article")).to_contain_text("We knew from about four.")
    page.get_by_label("Read it as").select_option(label="A stranger, not signed in")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.locator("main")).to_contain_text("They’d find nothing")
    page.get_by_role("link", name="Back to writing").click()
    page.get_by_role("button", name="Continue to publishing").click()
    page.get_by_role("button", name="Publish it").click()

    expect(page).to_have_url(f"/posts/{Post.objects.get().pk}/")
    assert Post.objects.get().state == Post.State.PUBLISHED


def test_publishing_without_the_sentence_is_asked_about_and_loses_nothing(rose, cast):
    post = make_draft(
        cast.rose,
        note="",
        words="Before",
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose, state="received")],
    )
    rose.goto(reverse("edit_letter", args=[post.pk]))
    words(rose).fill("And more")
    rose.get_by_role("button", name="Continue to publishing").click()

    expect(rose.locator(".note.wait")).to_contain_text("what the photographs show")
    expect(rose.get_by_role("button", name="Publish it")).to_have_count(0)
    rose.get_by_role("link", name="Back to writing").first.click()
    expect(words(rose)).to_have_value("And more")
    rose.get_by_label("What should a reader know first?").fill("He had died. You can see his hand.")
    rose.get_by_role("button", name="Continue to publishing").click()
    rose.get_by_role("button", name="Publish it").click()
    rose.wait_for_url(f"**{reverse('letter', args=[post.pk])}")

    post.refresh_from_db()
    assert (post.state, post.words) == (Post.State.PUBLISHED, "And more")


def test_after_taking_back_the_readers_back_button_shows_nothing(
    rose, cast, open_page, sign_in, own_place
):
    keyring.open_keyring()
    post = make_post(cast.rose, words_for=[cast.nan])
    nan = open_page()
    sign_in(nan, cast.nan)
    address = reverse("letter", args=[post.pk])
    nan.goto(address)
    expect(nan.locator("main")).to_contain_text("We knew from about four")
    nan.goto(reverse("step_away"))

    rose.goto(reverse("taking_back", args=[post.pk]))
    rose.get_by_role("button", name="Take it back now").click()
    expect(rose.get_by_role("heading", name="It’s gone")).to_be_visible()
    nan.go_back()

    expect(nan.locator("body")).not_to_contain_text("We knew from about four")
    expect(nan.locator("main")).to_contain_text("There’s nothing at this address")


def test_a_letter_is_written_and_published_with_the_keyboard_alone(rose, cast):
    rose.goto(reverse("write"))
    words(rose).focus()
    rose.keyboard.type("We knew.")
    rose.get_by_role("group", name="The words").get_by_label("Only us").focus()
    for _ in range(3):
        rose.keyboard.press("ArrowDown")
    rose.get_by_role("button", name="Continue to publishing").press("Enter")
    rose.get_by_role("button", name="Publish it").press("Enter")
    rose.wait_for_url(re.compile(r"/posts/[0-9a-f-]{36}/?$"))

    post = Post.objects.get()
    assert (post.state, post.words_for, post.words_signed_in) == (
        Post.State.PUBLISHED,
        Audience.ANYONE,
        True,
    )


PAGES = [
    "edit_letter",
    "publish",
    "preview",
    "audience",
    "addenda",
    "closing",
    "taking_back",
    "destroy_letter",
    "revisions",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_draft_or_a_letter_is_well_made(rose, cast, name):
    make_circle(cast.rose, of=[cast.nan])
    state = (
        Post.State.DRAFT if name in ("edit_letter", "publish", "preview") else Post.State.PUBLISHED
    )
    post = make_post(cast.rose, state=state, words_for=[cast.nan], photographs_for=[cast.nan])
    for _number in range(2):
        post.placed.create(
            photo=make_photo(cast.rose, state="received"), position=_number, number=_number + 1
        )

    rose.goto(reverse(name, args=[post.pk]))

    is_well_made(rose)


@pytest.mark.parametrize("name", ["write", "letters", "close_everything"])
def test_the_pages_of_no_letter_are_well_made(rose, cast, name):
    make_draft(cast.rose)

    rose.goto(reverse(name))

    is_well_made(rose)


def test_the_page_of_two_versions_is_well_made(rose, cast):
    post = make_draft(cast.rose)
    post.autosaves.create(author=cast.rose, saved_at=post.saved_at, fields=text_of(post).as_json())

    rose.goto(reverse("edit_letter", args=[post.pk]))

    is_well_made(rose)
