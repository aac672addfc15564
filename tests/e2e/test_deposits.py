from __future__ import annotations

import pytest
from playwright.sync_api import expect

from beside.photos.models import Photo
from beside.photos.vault.keyring import open_keyring
from tests.cast import Cast, make_cast
from tests.e2e.page_checks import is_well_made
from tests.e2e.test_upload import develop, wait_for

INGRID = "Ingrid, nights, ward 6"
THANKS = "You warmed the blanket before you gave it to us."


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


@pytest.fixture
def two(jpeg, tmp_path) -> list:
    files = []
    for name, colour in (("IMG_1.jpg", "teal"), ("IMG_2.jpg", "maroon")):
        path = tmp_path / name
        path.write_bytes(jpeg(colour, (640, 480)))
        files.append(path)
    return files


def makes_a_link(rose) -> str:
    rose.goto("/drawer/")
    rose.get_by_role("link", name="Let somebody else put photographs in for you").click()
    rose.get_by_label("Who is it for?").fill(INGRID)
    rose.get_by_label("A line to them, if you like").fill("The ones from the night, please.")
    rose.get_by_label("A note of thanks").fill(THANKS)
    is_well_made(rose)
    rose.get_by_role("button", name="Make the link").click()
    address = rose.get_by_label("Copy it now; it isn’t shown again.").input_value()
    rose.get_by_role("link", name=INGRID).click()
    is_well_made(rose)
    return address.rpartition("/")[2]


def finds_them_closed_and_looks(rose):
    rose.goto("/news/")
    expect(rose.get_by_role("main")).to_contain_text(f"{INGRID} put something in for you.")
    rose.get_by_role("link", name="It’s in your drawer").first.click()
    rose.locator("summary").filter(has_text="Hidden from me").click()
    expect(rose.get_by_role("link", name="Folded photograph")).to_have_count(2)
    expect(rose.locator("[data-drawer] img")).to_have_count(0)
    is_well_made(rose)
    rose.get_by_role("link", name="Folded photograph").first.click()
    is_well_made(rose)
    rose.get_by_role("button", name="Let me see it").click()
    expect(rose.get_by_text(f"Put in by {INGRID}")).to_be_visible()
    rose.get_by_role("link", name="Your drawer").click()
    expect(rose.locator("[data-drawer] img")).to_have_count(1)


def test_a_nurse_puts_two_photographs_in_and_the_author_finds_them_closed(
    open_page, sign_in, cast, two
):
    rose, ingrid = open_page(), open_page()
    sign_in(rose, cast.rose)
    secret = makes_a_link(rose)

    asked = []
    ingrid.on("request", lambda request: asked.append(request.url))
    ingrid.goto(f"/put-in/{secret}")
    expect(ingrid).to_have_url("/put-in/")
    is_well_made(ingrid)
    ingrid.get_by_role("button", name="Go on").click()
    expect(ingrid.get_by_role("heading", name="Put photographs in for Rose")).to_be_visible()
    expect(ingrid.get_by_text(THANKS)).to_be_hidden()
    ingrid.get_by_label("Add photographs").set_input_files(two)
    wait_for(ingrid, {"received"}, 2)
    develop()

    expect(ingrid.locator("[data-deposited] li")).to_have_count(2)
    expect(ingrid.locator("[data-deposited]")).to_contain_text("IMG_2.jpg It’s safely here.")
    expect(ingrid.get_by_text(THANKS)).to_be_visible()
    assert ingrid.locator("img").count() == 0
    is_well_made(ingrid)
    assert not [url for url in asked if secret.lstrip("#") in url.partition("#")[0]]
    finds_them_closed_and_looks(rose)


def test_without_a_script_the_link_is_pasted_and_they_come_all_the_same(
    open_page, sign_in, cast, two
):
    rose, ingrid = (open_page(java_script_enabled=False) for _ in range(2))
    sign_in(rose, cast.rose)
    secret = makes_a_link_plainly(rose)

    ingrid.goto("/put-in/")
    ingrid.get_by_label("The link that you were sent").fill(f"http://localhost/put-in/{secret}")
    ingrid.get_by_role("button", name="Go on").click()
    ingrid.get_by_label("Add photographs").set_input_files(two)
    ingrid.get_by_role("button", name="Put them here").click()

    expect(ingrid.get_by_role("listitem").filter(has_text="It’s safely here.")).to_have_count(2)
    expect(ingrid.get_by_text(THANKS)).to_be_visible()
    develop()
    assert Photo.objects.filter(state="ready").count() == 2
    rose.goto("/drawer/")
    rose.locator("summary").filter(has_text="Hidden from me").click()
    expect(rose.get_by_role("link", name="Folded photograph")).to_have_count(2)


def makes_a_link_plainly(rose) -> str:
    rose.goto("/drawer/links/")
    rose.get_by_label("Who is it for?").fill(INGRID)
    rose.get_by_label("A note of thanks").fill(THANKS)
    rose.get_by_role("button", name="Make the link").click()
    return rose.get_by_label("Copy it now; it isn’t shown again.").input_value().rpartition("/")[2]
