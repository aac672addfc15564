from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from beside.photos.models import KeyEpoch, Photo, Rendition
from beside.photos.vault.keyring import keyring_of, keys_for_new, open_keyring
from beside.photos.vault.sealing import seal
from beside.photos.vault.store import store
from beside.posts import taking_back
from beside.posts.models import Addendum, Audience, PlacedPhoto
from tests.cast import NOW, make_cast, make_post
from tests.e2e.page_checks import is_well_made

SEEN = "Two hands on a white sheet"
CAPTION = "A little after six."
FOLDED_WORDS = (SEEN, CAPTION, "Said of this one.")


@pytest.fixture
def cast(own_place, transactional_db):
    open_keyring()
    return make_cast()


@pytest.fixture
def letter(cast):
    """Three photographs, folded, of which the second lies in the letter."""
    photos = [lay_photograph(cast.rose, colour) for colour in ("teal", "olive", "sienna")]
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan, cast.ines],
        photographs_for=[cast.nan],
        photos=photos,
        words="The first passage.\n\n[photograph 2]\n\nThe second passage.",
        note="The room, and his blanket.",
        note_shows=["hospital"],
    )
    for number, placed in enumerate(post.placed.order_by("position"), 1):
        PlacedPhoto.objects.filter(pk=placed.pk).update(number=number)
    Addendum.objects.create(
        post=post,
        photo=photos[0],
        author=cast.rose,
        words="Said of this one.",
        added_at=NOW,
        added_on=NOW.date(),
    )
    return post


def lay_photograph(account, colour: str) -> Photo:
    photo = Photo.objects.create(
        uploader=account,
        uploaded_at=NOW,
        state=Photo.State.READY,
        width=60,
        height=40,
        description=f"{SEEN}, {colour}.",
        caption=CAPTION,
    )
    key = keys_for_new(photo, holder=account).shown
    ring = keyring_of(KeyEpoch.objects.get().instance)
    for name, format_, media_type in (
        ("w480", "AVIF", "image/avif"),
        ("jpeg", "JPEG", "image/jpeg"),
    ):
        file = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(file, format_)
        rendition = Rendition(photo=photo, name=name, media_type=media_type, width=60, height=40)
        sealed = seal(key, ring.identity(photo.pk, rendition.pk, name), file.getvalue())
        rendition.stored_bytes = len(sealed)
        store().put(rendition.pk, sealed)
        rendition.save(force_insert=True)
    return photo


@pytest.fixture
def nan(page, cast, sign_in) -> Page:
    sign_in(page, cast.nan)
    return page


def shown(page: Page) -> int:
    """How many photographs are really there, with pixels."""
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        """async () => {
          const all = [...document.querySelectorAll('main .print img')];
          all.forEach(image => { image.loading = 'eager'; });
          await Promise.allSettled(all.map(image => image.decode()));
          return all.filter(image => image.naturalWidth > 0).length;
        }"""
    )


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page, name: str):
    return page.get_by_role("link", name=name, exact=True)


def look_at_all(page: Page, letter) -> None:
    page.goto(f"/posts/{letter.pk}/")
    link(page, "Show me the photographs").click()
    button(page, "Show me all three").click()
    page.wait_for_url("**/#photographs")


def test_a_reader_is_told_chooses_and_sees_them_all(nan, letter):
    nan.goto("/")
    link(nan, "Show me the photographs").click()
    expect(nan.get_by_role("heading", level=1)).to_have_text("Before you look")
    expect(nan.get_by_text("The room, and his blanket.")).to_be_visible()

    button(nan, "Show me all three").click()

    assert shown(nan) == 3
    expect(nan.get_by_text("That was the last of them.")).to_be_visible()
    assert nan.evaluate("document.activeElement.id || location.hash.slice(1)") == "photographs"


def test_not_now_leads_back_to_the_letter(nan, letter):
    nan.goto(f"/posts/{letter.pk}/looking/")

    link(nan, "Not now").click()

    expect(nan).to_have_url(f"{nan.url.split('/posts')[0]}/posts/{letter.pk}/")
    assert shown(nan) == 0


def test_one_at_a_time_opens_one_and_folds_it_again(nan, letter):
    nan.goto(f"/posts/{letter.pk}/looking/")
    link(nan, "One at a time").click()
    expect(nan.get_by_text(f"{SEEN}, olive.")).to_be_visible()

    button(nan, "Open this one").nth(1).click()
    nan.wait_for_url("**/one-at-a-time/#o2")
    opened = shown(nan)
    nan.get_by_role("button", name="Fold it away again").click()
    nan.wait_for_load_state("networkidle")

    assert opened == 1
    assert shown(nan) == 0


def test_folding_away_folds_them_at_once(nan, letter):
    look_at_all(nan, letter)

    button(nan, "Fold them away").click()
    link(nan, "Show me the photographs").wait_for()

    assert shown(nan) == 0


def test_escape_folds_and_escape_again_steps_away(nan, letter):
    look_at_all(nan, letter)

    nan.keyboard.press("Escape")
    link(nan, "Show me the photographs").wait_for()
    nan.keyboard.press("Escape")

    expect(nan.get_by_role("heading", level=1)).to_have_text("You’ve stepped away")


def test_going_back_after_stepping_away_shows_nothing(nan, letter):
    look_at_all(nan, letter)

    link(nan, "Step away").click()
    expect(nan.get_by_role("heading", level=1)).to_have_text("You’ve stepped away")
    nan.go_back()

    assert shown(nan) == 0


def test_going_back_after_a_taking_back_shows_nothing(nan, cast, letter):
    look_at_all(nan, letter)
    link(nan, "Home").or_(nan.locator(".brand")).first.click()
    nan.get_by_role("heading", level=1, name="Home").wait_for()

    taking_back.take_back(letter, by=cast.tom, at=NOW)
    nan.go_back()

    expect(nan.get_by_role("heading", level=1)).to_have_text("There’s nothing at this address")
    assert shown(nan) == 0


def test_nothing_of_a_folded_photograph_is_in_anything_that_was_sent(nan, letter):
    answers, everything = [], []
    nan.on("response", lambda answer: answers.append(answer))
    for path in ("/", f"/posts/{letter.pk}/", f"/posts/{letter.pk}/looking/"):
        nan.goto(path)
        nan.wait_for_load_state("networkidle")
        everything += [whole(answer) for answer in answers]
        answers.clear()

    ids = [str(photo.pk) for photo in Photo.objects.all()]
    assert len(everything) >= 6
    for said in everything:
        assert not [word for word in (*FOLDED_WORDS, *ids, "/p/") if word.encode() in said]
        assert b"ftypavif" not in said


def whole(answer) -> bytes:
    return f"{answer.url} {answer.headers}".encode() + answer.body()


def test_it_all_works_by_keyboard(nan, letter):
    nan.goto(f"/posts/{letter.pk}/")

    tab_to(nan, "Show me the photographs")
    nan.keyboard.press("Enter")
    nan.get_by_role("heading", level=1, name="Before you look").wait_for()
    tab_to(nan, "Show me all three")
    nan.keyboard.press("Enter")
    nan.wait_for_url("**/#photographs")

    assert shown(nan) == 3
    tab_to(nan, "Fold them away")
    nan.keyboard.press("Enter")
    link(nan, "Show me the photographs").wait_for()


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} can't be reached by the Tab key")


def test_it_all_works_without_javascript(no_javascript_page, cast, letter, sign_in):
    page = no_javascript_page
    sign_in(page, cast.nan)
    page.goto(f"/posts/{letter.pk}/")
    link(page, "Show me the photographs").click()
    button(page, "Show me all three").click()
    pictures = page.locator("main .print img")
    expect(pictures).to_have_count(3)

    button(page, "Fold them away").click()
    expect(pictures).to_have_count(0)
    link(page, "Show me the photographs").click()
    link(page, "One at a time").click()
    button(page, "Open this one").first.click()
    expect(pictures).to_have_count(1)
    link(page, "Step away").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You’ve stepped away")


def test_a_visitor_may_look_where_they_are_for_anyone(page, cast):
    photo = lay_photograph(cast.rose, "teal")
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=[photo],
    )

    page.goto(f"/posts/{post.pk}/looking/")
    button(page, "Show me the photograph").click()

    assert shown(page) == 1


def test_every_page_of_reading_is_well_made(nan, letter):
    paths = ["/", f"/posts/{letter.pk}/", f"/posts/{letter.pk}/looking/"]
    for path in [*paths, f"/posts/{letter.pk}/one-at-a-time/"]:
        nan.goto(path)
        is_well_made(nan)

    look_at_all(nan, letter)
    is_well_made(nan)
    nan.goto(f"/posts/{letter.pk}/one-at-a-time/")
    is_well_made(nan)


def test_an_empty_home_and_a_page_that_is_not_there_are_well_made(nan, cast):
    nan.goto("/")
    is_well_made(nan)
    nan.goto(f"/posts/{cast.nan.pk}/")
    is_well_made(nan)


def test_nothing_of_an_authors_own_photographs_is_sent_before_the_press(
    page, cast, letter, sign_in
):
    sign_in(page, cast.rose)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"/posts/{letter.pk}/")
    page.wait_for_load_state("networkidle")
    is_well_made(page)
    before = [url for url in asked if "/p/" in url]
    page.get_by_role("button", name="Open them").click()
    page.wait_for_load_state("networkidle")

    assert before == []
    assert shown(page) == 3
    expect(page.locator("#photographs")).to_be_in_viewport()
    is_well_made(page)
    page.get_by_role("button", name="Fold them away").click()
    expect(page.get_by_role("button", name="Open them")).to_be_visible()


def test_the_pages_about_whom_it_is_for_are_well_made(page, cast, letter, sign_in):
    lay_photograph(cast.rose, "navy")
    sign_in(page, cast.rose)

    for name in ("audience", "more-photographs", "closing"):
        page.goto(f"/posts/{letter.pk}/{name}/")
        is_well_made(page)
