from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from beside.people.models import Delegation
from beside.photos.vault.keyring import open_keyring
from beside.posts.models import Audience, Post
from beside.responses import desk, queue
from beside.responses.models import Response, Seal
from tests.cast import Cast, make_cast, make_post
from tests.e2e.page_checks import is_well_made
from tests.responses.builders import reads_first, respond, take_responses

WORDS = "I have said his name aloud.\n\nCall me: 01632 960118, http://elsewhere.example/"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


@pytest.fixture
def letter(cast) -> Post:
    """Ines reads first for Tom, and Ada for Rose."""
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(letter)
    reads_first(cast.tom, cast.ines)
    reads_first(cast.rose, cast.ada)
    return letter


def written(letter, by, words=WORDS, **fields) -> Response:
    return respond(letter, by, words, at=timezone.now(), **fields)


def test_one_is_read_at_a_time_and_decided_without_a_script(open_page, sign_in, cast, letter):
    ines = open_page(java_script_enabled=False)
    sign_in(ines, cast.ines)
    kind = written(letter, cast.nan)
    written(letter, cast.marit, "A cruel sentence.")
    ines.goto(reverse("desk"))
    expect(ines.get_by_role("article")).to_contain_text("I have said his name aloud.")
    expect(ines.get_by_role("article").get_by_role("link")).to_have_count(0)

    ines.get_by_role("button", name="Let it through").click()
    expect(ines.get_by_role("article")).to_contain_text("A cruel sentence.")
    ines.get_by_role("button", name="Seal it", exact=True).click()

    expect(ines.get_by_role("main")).to_contain_text("There’s nothing to read. Thank you")
    kind.refresh_from_db()
    assert kind.state == Response.State.PASSED_ON
    assert Seal.objects.get().writer == cast.marit


def test_every_screen_of_the_desk_is_well_made(page, sign_in, cast, letter):
    sign_in(page, cast.ines)
    page.goto(reverse("desk"))
    is_well_made(page)
    written(letter, cast.nan, pen_name="A mother with a long name", only_for_authors=True)
    written(letter, cast.marit)
    for name in ("desk", "desk_sorting", "stop_reading", "seals"):
        page.goto(reverse(name))
        is_well_made(page)
    page.goto(reverse("desk"))
    page.get_by_text("A word to the writer").click()
    page.get_by_label("From you, not from them").fill(" ")
    page.get_by_role("button", name="Send, and seal it").click()
    expect(page.get_by_label("From you, not from them")).to_be_visible()
    page.get_by_role("button", name="Enough for today").click()
    expect(page.get_by_role("main")).to_contain_text("That’s enough for today.")
    is_well_made(page)


def test_what_was_sealed_is_opened_with_a_reason_and_its_authors_see_that(
    open_page, sign_in, cast, letter
):
    ines, tom = open_page(), open_page()
    sign_in(ines, cast.ines)
    sign_in(tom, cast.tom)
    written(letter, cast.nan, "A cruel sentence.")
    ines.goto(reverse("desk"))
    ines.get_by_role("button", name="Seal it", exact=True).click()

    tom.goto(reverse("you"))
    tom.get_by_role("link", name="Kept from you").click()
    expect(tom.get_by_role("main")).to_contain_text("Nobody has opened it.")
    tom.get_by_role("button", name="Ask for a file").click()
    ines.get_by_role("link", name="What you’ve sealed").click()
    ines.get_by_role("link", name="Sealed on").click()
    is_well_made(ines)
    ines.get_by_label("Why are you opening it?").fill("Tom asked me to.")
    ines.get_by_role("button", name="Open it").click()
    expect(ines.get_by_role("article")).to_contain_text("A cruel sentence.")
    is_well_made(ines)
    with ines.expect_download() as download:
        ines.get_by_role("button", name="Download the file").click()

    assert download.value.suggested_filename.startswith("beside-sealed-")
    tom.reload()
    expect(tom.get_by_role("main")).to_contain_text("Ines took it as a file on")
    expect(tom.get_by_role("main")).to_contain_text("“Tom asked me to.”")
    is_well_made(tom)


def test_one_press_and_a_confirmation_end_it(page, sign_in, cast, letter):
    sign_in(page, cast.ines)
    page.goto(reverse("desk"))
    page.get_by_role("link", name="I can’t do this any more").click()
    page.get_by_role("button", name="Stop reading for Tom").click()

    expect(page.get_by_role("main")).to_contain_text("You don’t read first for anybody")
    assert Delegation.objects.get(delegate=cast.ines).ended_at is not None


def test_the_rehearsal_of_reading_first_is_well_made(page, sign_in, cast):
    sign_in(page, cast.nan)
    page.goto(reverse("rehearsal", args=["screener"]))
    expect(page.get_by_role("main")).to_contain_text("Reading first, for Mette and Jon")
    is_well_made(page)


def test_a_moderator_finds_a_case_opens_a_seal_and_closes_a_place(page, sign_in, cast, letter):
    other = make_post(cast.tom, words_for=Audience.ANYONE)
    alone = make_post(cast.max, words_for=Audience.ANYONE)
    for post in (other, alone):
        take_responses(post)
        at = timezone.now()
        response = written(post, cast.nan, "A cruel sentence.")
        reader = cast.ines if post == other else cast.max
        queue.take_next(reader, at=at)
        desk.seal(response.pk, by=reader, at=at)
    sign_in(page, cast.marit)

    page.goto(reverse("cases"))
    expect(page.get_by_role("heading", name="Alike, by one person")).to_be_visible()
    is_well_made(page)
    page.get_by_role("link", name="Sealed on").first.click()
    is_well_made(page)
    page.get_by_label("Why are you opening it?").fill("It may be one case.")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("article")).to_contain_text("A cruel sentence.")
    is_well_made(page)
    page.get_by_label("Why?").fill("You wrote it to two families.")
    page.get_by_role("button", name="Close their place").click()

    expect(page.get_by_role("main")).to_contain_text("The place is closed.")
    cast.nan.refresh_from_db()
    assert cast.nan.suspended_because == "You wrote it to two families."
