from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.access.models import AccessRequest, Admission
from beside.photos.vault.keyring import open_keyring
from beside.posts.models import Audience
from tests.access.door.letters import AFTER_A_YES, make_hidden
from tests.cast import make_cast, make_post, make_sealed_photo
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(own_place, transactional_db):
    open_keyring()
    return make_cast()


@pytest.fixture
def letter(cast):
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_sealed_photo(cast.rose)],
        door=AFTER_A_YES,
        door_says="Any answer is a good one.",
    )


def take(page, name):
    if folder := os.environ.get("BESIDE_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def asks(ines, letter):
    ines.goto(reverse("letter", args=[letter.pk]))
    take(ines, "letter")
    expect(ines.get_by_role("region", name="One photograph, behind a door")).to_be_visible()
    ines.get_by_role("link", name="Go to the door").click()
    take(ines, "door")
    ines.get_by_label("I’ve lived this").check()
    ines.get_by_label("Anything you’d like them to know").fill("Our son Aron died in May.")
    ines.get_by_role("button", name="Ask to be let in").click()
    expect(ines.get_by_role("heading", level=1)).to_have_text("You’ve asked")
    take(ines, "waiting")


def lets_in(rose):
    rose.goto(reverse("notices"))
    rose.get_by_role("link", name="Someone asks to be let in").click()
    expect(rose.get_by_role("main")).to_contain_text("Our son Aron died in May.")
    take(rose, "who-asks")
    rose.get_by_label("A few words for them, if you like").fill("Come in whenever you like.")
    rose.get_by_role("button", name="Let them in", exact=True).click()
    expect(rose.get_by_role("main")).to_contain_text("Nobody is waiting.")


def looks(ines):
    ines.goto(reverse("notices"))
    ines.get_by_role("link", name="You’ve been let in").click()
    expect(ines.get_by_role("main")).to_contain_text("“Come in whenever you like.”")
    take(ines, "let-in")
    ines.get_by_role("link", name="Show me the photographs").click()
    ines.get_by_role("button", name="Show me the photograph").click()
    expect(ines.locator(".prints img")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_one_asks_is_let_in_looks_and_is_let_in_no_more(open_page, sign_in, cast, letter, script):
    ines, rose = (open_page(java_script_enabled=script) for _ in range(2))
    sign_in(ines, cast.ines)
    sign_in(rose, cast.rose)

    asks(ines, letter)
    lets_in(rose)
    looks(ines)
    rose.goto(reverse("letter", args=[letter.pk]))
    rose.locator("summary").filter(has_text="What you can do with it").click()
    rose.get_by_role("link", name="The door").click()
    take(rose, "of-letter")
    rose.get_by_role("button", name="End this").click()

    ines.goto(reverse("letter", args=[letter.pk]))
    expect(ines.locator(".prints img")).to_have_count(0)
    expect(ines.get_by_role("region", name="One photograph, behind a door")).to_be_visible()
    assert not Admission.objects.exists()


def test_each_page_of_a_door_is_well_made(page, open_page, sign_in, cast, letter):
    rose = open_page()
    sign_in(page, cast.ines)
    sign_in(rose, cast.rose)

    rose.goto(reverse("audience", args=[letter.pk]))
    is_well_made(rose)
    take(rose, "audience")
    page.goto(reverse("door", args=[letter.pk]))
    is_well_made(page)
    page.get_by_role("button", name="Ask to be let in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’ve asked")
    is_well_made(page)
    page.goto(reverse("letter", args=[letter.pk]))
    is_well_made(page)
    take(page, "letter-waiting")
    rose.goto(reverse("letter_access_requests", args=[letter.pk]))
    is_well_made(rose)
    rose.goto(reverse("bans"))
    is_well_made(rose)
    take(rose, "kept-out")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("main")).to_contain_text("You can ask again")
    take(page, "letter-lately")
    assert AccessRequest.objects.get().state == AccessRequest.State.WITHDRAWN


def test_an_address_that_is_given_away_is_well_made_too(page, open_page, sign_in, cast):
    hidden = make_hidden(cast.rose, door={})
    rose = open_page()
    sign_in(rose, cast.rose)
    sign_in(page, cast.ada)

    rose.goto(reverse("letter_access_requests", args=[hidden.pk]))
    is_well_made(rose)
    take(rose, "address")
    page.goto(urlsplit(rose.get_by_label("The door’s address").input_value()).path)

    expect(page.get_by_role("main")).to_contain_text("It isn’t a judgement of you.")
    is_well_made(page)
    take(page, "shut")
