from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.photos import hidden
from beside.photos.models import Photo
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


def unfold(page, heading):
    """Open one of the folded lines."""
    page.locator("summary").filter(has_text=heading).click()


def sheet_of(page, number):
    """The page of one photograph, over the letter."""
    page.locator(f"[data-number='{number}'] button").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=f"Photograph {number}")).to_be_visible()
    return sheet


def test_captions_and_descriptions_are_kept_too(rose, cast):
    post = make_draft(
        cast.rose, photos=[make_photo(cast.rose, state="received", description="", caption="")]
    )
    rose.goto(reverse("edit_letter", args=[post.pk]))

    sheet = sheet_of(rose, 0)
    sheet.get_by_label("What can be seen").fill("A hand")
    sheet.get_by_label("Words under it").fill("His.")
    expect(sheet.locator("[data-kept]")).to_contain_text(re.compile(r"saved at \d\d.\d\d"))

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


@pytest.fixture
def seven(cast):
    """A draft with seven photographs, none described."""
    post = make_draft(cast.rose, words="We knew from about four.\n\nEmil was born.")
    for _number in range(7):
        photo = make_photo(cast.rose, state="received", description="", caption="")
        drafting.place(post, photo, by=cast.rose)
    return post


def numbers(post):
    return list(post.placed.order_by("position").values_list("number", flat=True))


def test_several_are_described_one_after_another(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    expect(rose.locator("main")).to_contain_text("Seven have no description yet.")

    rose.get_by_role("button", name="Describe them, one by one").click()
    sheet = rose.get_by_role("dialog")
    for number in (1, 2, 3):
        expect(sheet.get_by_role("heading", name=f"Photograph {number}")).to_be_visible()
        sheet.get_by_label("What can be seen").fill(f"Seen in {number}")
        if number < 3:
            sheet.get_by_role("button", name="The next photograph").click()
    sheet.get_by_role("button", name="Done").click()

    expect(sheet).to_be_hidden()
    expect(rose.locator("main")).to_contain_text("Four have no description yet.")
    expect(rose.locator("[data-number='3'] button")).to_be_focused()
    described = seven.placed.order_by("position").values_list("photo__description", flat=True)
    assert list(described) == ["Seen in 1", "Seen in 2", "Seen in 3", "", "", "", ""]


def test_escape_keeps_what_was_typed_about_a_photograph(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet = sheet_of(rose, 4)
    sheet.get_by_label("What can be seen").fill("A hand")

    rose.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    expect(rose.locator("main")).to_contain_text("Six have no description yet.")
    assert seven.placed.get(number=4).photo.description == "A hand"


def test_words_about_a_photograph_survive_being_signed_out(rose, cast, sign_in, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet = sheet_of(rose, 4)
    rose.context.clear_cookies(name="session")
    sheet.get_by_label("What can be seen").fill("A hand")
    sheet.get_by_role("button", name="Done").click()
    rose.wait_for_url("**/account/sign-in/**")

    sign_in(rose, cast.rose)
    rose.goto(reverse("edit_letter", args=[seven.pk]))

    expect(sheet_of(rose, 4).get_by_label("What can be seen")).to_have_value("A hand")


def test_two_devices_that_describe_a_photograph_lose_neither(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet = sheet_of(rose, 4)
    photo = seven.placed.get(number=4).photo
    Photo.objects.filter(pk=photo.pk).update(description="From the tablet")

    sheet.get_by_label("What can be seen").fill("From the phone")
    sheet.get_by_role("button", name="Done").click()

    expect(rose.locator("#others")).to_contain_text("From the phone")
    photo.refresh_from_db()
    assert photo.description == "From the tablet"


def test_photographs_move_in_place(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet = sheet_of(rose, 7)

    sheet.get_by_role("button", name="Move earlier").click()
    expect(sheet.get_by_label("Its place among the seven")).to_have_value("6")
    sheet.get_by_label("Its place among the seven").fill("1")
    sheet.get_by_role("button", name="Done").click()

    expect(sheet).to_be_hidden()
    expect(rose.locator(".tray li").first).to_have_attribute("data-number", "7")
    assert numbers(seven) == [7, 1, 2, 3, 4, 5, 6]


def test_a_photograph_can_be_dragged_to_another_place(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    one, three = (rose.locator(f"[data-number='{n}']") for n in (1, 3))
    three.scroll_into_view_if_needed()
    box = three.bounding_box()

    one.hover()
    rose.mouse.down()
    rose.mouse.move(box["x"] + 20, box["y"] + 20, steps=5)
    with rose.expect_response("**/keep/"):
        rose.mouse.up()

    expect(rose.get_by_role("dialog")).to_be_hidden()
    rose.reload()
    assert numbers(seven) == [2, 3, 1, 4, 5, 6, 7]


def test_a_finger_drags_a_photograph_after_a_moments_hold(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    finger = rose.context.new_cdp_session(rose)
    rose.locator(".tray").evaluate("tray => tray.scrollIntoView({block: 'center'})")
    one, five = (rose.locator(f"li[data-number='{n}']").bounding_box() for n in (1, 5))

    def touch(kind, box=None):
        points = [{"x": box["x"] + 20, "y": box["y"] + 20}] if box else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", one)
    expect(rose.locator(".held")).to_have_count(1)
    touch("touchMove", five)
    with rose.expect_response("**/keep/"):
        touch("touchEnd")

    expect(rose.get_by_role("dialog")).to_be_hidden()
    assert numbers(seven) == [2, 3, 4, 5, 1, 6, 7]


def test_one_that_is_taken_out_is_put_back_where_it_was(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet_of(rose, 3).get_by_role("button", name="Take it out").click()
    expect(rose.locator("main")).to_contain_text("One was taken out.")
    assert numbers(seven) == [1, 2, 4, 5, 6, 7]

    rose.get_by_role("button", name="Put it back").click()

    expect(rose.locator("[data-number='3']")).to_be_visible()
    assert numbers(seven) == [1, 2, 3, 4, 5, 6, 7]


def test_a_photograph_is_put_among_the_words_where_the_cursor_is(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    words(rose).evaluate("field => { field.focus(); field.setSelectionRange(4, 4); }")

    rose.get_by_role("button", name="Put a photograph here").click()
    expect(rose.locator("[data-tray-says]")).to_contain_text("After “…knew from about four.”")
    rose.locator("[data-number='2'] button").click()

    said = "We knew from about four.\n\n[photograph 2]\n\nEmil was born."
    expect(words(rose)).to_have_value(said)
    is_kept(rose)
    words(rose).evaluate("field => { field.focus(); field.setSelectionRange(60, 60); }")
    sheet = sheet_of(rose, 2)
    expect(sheet.locator("[data-insert-says]")).to_contain_text("Emil was born.")
    sheet.get_by_role("button", name="Put it among the words").click()
    said = "We knew from about four.\n\nEmil was born.\n\n[photograph 2]\n\n"
    expect(words(rose)).to_have_value(said)
    expect(words(rose)).to_be_focused()


def test_escape_leaves_choosing_a_photograph_and_nothing_else(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    rose.get_by_role("button", name="Put a photograph here").click()

    rose.keyboard.press("Escape")

    expect(rose.locator(".tray")).not_to_have_class(re.compile("choosing"))
    expect(rose).to_have_url(re.compile(r"/edit/$"))


def test_a_hidden_photograph_opens_folded(rose, cast, seven):
    photo = seven.placed.get(number=5).photo
    Photo.objects.filter(pk=photo.pk).update(state="ready")
    hidden.hold(photo, account=cast.rose, at=seven.saved_at)
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    expect(rose.locator("[data-number='5']")).to_contain_text("hidden from me")

    sheet = sheet_of(rose, 5)
    expect(sheet.get_by_role("textbox")).to_have_count(0)
    sheet.get_by_role("button", name="Not now").click()

    expect(sheet).to_be_hidden()
    expect(sheet_of(rose, 5).get_by_role("button", name="Let me see it")).to_be_visible()


@pytest.mark.parametrize("state", ["received", "hidden"])
def test_the_page_of_a_photograph_is_well_made(rose, cast, seven, state):
    photo = seven.placed.get(number=3).photo
    if state == "hidden":
        Photo.objects.filter(pk=photo.pk).update(state="ready")
        hidden.hold(photo, account=cast.rose, at=seven.saved_at)

    rose.goto(reverse("placed_photo", args=[seven.pk, photo.pk]))

    is_well_made(rose)


def test_a_photographs_page_over_the_letter_is_well_made(rose, seven):
    rose.goto(reverse("edit_letter", args=[seven.pk]))
    sheet_of(rose, 3)

    is_well_made(rose)


def test_photographs_are_described_moved_and_placed_without_scripts(
    no_javascript_page, cast, sign_in, seven
):
    page = no_javascript_page
    sign_in(page, cast.rose)
    page.goto(reverse("edit_letter", args=[seven.pk]))
    words(page).fill("Typed without a script.")
    page.locator("[data-number='1'] button").click()

    page.get_by_label("What can be seen").fill("A hand")
    page.get_by_role("button", name="The next photograph").click()
    expect(page.get_by_role("heading", name="Photograph 2")).to_be_visible()
    page.get_by_role("button", name="Move later").click()
    page.get_by_role("button", name="Put it among the words").click()

    expect(words(page)).to_have_value("Typed without a script.\n\n[photograph 2]\n")
    assert seven.placed.get(number=1).photo.description == "A hand"
    assert numbers(seven) == [1, 3, 2, 4, 5, 6, 7]
    page.locator("[data-number='3'] button").click()
    page.get_by_role("button", name="Take it out").click()
    page.get_by_role("button", name="Put it back").click()
    assert numbers(seven) == [1, 3, 2, 4, 5, 6, 7]


def test_photographs_wider_than_the_words_cannot_be_chosen(rose, cast):
    post = make_draft(cast.rose)
    rose.goto(reverse("edit_letter", args=[post.pk]))
    unfold(rose, "Who is this for?")
    photographs = rose.get_by_role("group", name="The photographs")

    expect(photographs.get_by_label("Anyone", exact=False).last).to_be_disabled()
    rose.get_by_role("group", name="The words").get_by_label("Everyone signed in").check()
    photographs.get_by_label("Everyone signed in").check()
    rose.get_by_role("group", name="The words").get_by_label("Only us").check()

    expect(photographs.get_by_label("Only us")).to_be_checked()
    is_kept(rose)
    post.refresh_from_db()
    assert (post.words_for, post.photographs_for) == (Audience.ONLY_US, Audience.ONLY_US)


def read_as(page, who):
    page.get_by_label("Read it as").select_option(label=who)
    page.get_by_role("button", name="Read", exact=True).click()


def test_the_whole_way_without_scripts(no_javascript_page, cast, sign_in):
    page = no_javascript_page
    sign_in(page, cast.rose)
    family = make_circle(cast.rose, of=[cast.nan])
    page.goto(reverse("write"))
    words(page).fill("We knew from about four.")
    unfold(page, "Who is this for?")
    words_for = page.get_by_role("group", name="The words")
    for one in ("These people", family.name):
        words_for.get_by_label(one).check()
    unfold(page, "Publish")
    page.get_by_role("button", name="Continue to publishing").click()

    expect(page.get_by_role("heading", name="Who it’s for")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nan")
    page.get_by_role("link", name="Read it as a reader").first.click()
    read_as(page, "Nan")
    expect(page.locator("article")).to_contain_text("We knew from about four.")
    read_as(page, "A stranger, not signed in")
    expect(page.locator("main")).to_contain_text("They’d find nothing")
    page.get_by_role("link", name="Back to writing").click()
    unfold(page, "Publish")
    page.get_by_role("button", name="Continue to publishing").click()
    page.get_by_role("button", name="Publish it", exact=True).click()

    post = Post.objects.get(state=Post.State.PUBLISHED)
    expect(page).to_have_url(f"/posts/{post.pk}/")


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
    unfold(rose, "Publish")
    rose.get_by_role("button", name="Continue to publishing").click()

    expect(rose.locator(".note.wait")).to_contain_text("what the photographs show")
    expect(rose.get_by_role("button", name="Publish it", exact=True)).to_have_count(0)
    rose.get_by_role("link", name="Back to writing").first.click()
    expect(words(rose)).to_have_value("And more")
    unfold(rose, "What a reader should know")
    rose.get_by_label("What should a reader know first?").fill("He had died. You can see his hand.")
    unfold(rose, "Publish")
    rose.get_by_role("button", name="Continue to publishing").click()
    rose.get_by_role("button", name="Publish it", exact=True).click()
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
    rose.locator("summary").filter(has_text="Who is this for?").press("Enter")
    rose.get_by_role("group", name="The words").get_by_label("Only us").focus()
    for _ in range(3):
        rose.keyboard.press("ArrowDown")
    rose.locator("summary").filter(has_text="Publish").press("Enter")
    rose.get_by_role("button", name="Continue to publishing").press("Enter")
    rose.get_by_role("button", name="Publish it", exact=True).press("Enter")
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
