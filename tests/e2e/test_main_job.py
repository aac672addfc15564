"""The main job, whole, as two people on their phones do it."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from beside.people.models import Circle
from beside.photos.developing import develop_next
from beside.photos.models import Photo
from beside.posts.models import Post
from tests.cast import make_cast, make_circle

LETTER = "We knew from about four in the afternoon."
NOTE = "A hospital room, and his blanket. He had died. You can’t see his face."


@pytest.fixture
def parent(open_page, sign_in, data, transactional_db) -> Page:
    cast = make_cast()
    make_circle(cast.rose, of=[cast.nan])
    page = open_page()
    sign_in(page, cast.rose)
    return page


@pytest.fixture
def grandmother(open_page, sign_in, parent) -> Page:
    page = open_page()
    sign_in(page, Circle.objects.get().memberships.get().account)
    return page


@pytest.fixture
def stranger(open_page, sign_in, parent) -> Page:
    page = open_page()
    sign_in(page, type(Circle.objects.get().owner).objects.get(email="ines@home.example"))
    return page


def put_up(page: Page, jpeg, tmp_path) -> None:
    files = []
    for name, colour in (("IMG_1", "teal"), ("IMG_2", "olive")):
        files.append(tmp_path / f"{name}.jpg")
        files[-1].write_bytes(jpeg(colour, (900, 600)))
    page.locator("input[type=file][multiple]").set_input_files(files)
    expect(page.get_by_text("is being made ready").nth(1)).to_be_visible()
    while develop_next(timezone.now()):
        pass
    expect(page.get_by_role("button", name="Photograph 2").locator("img")).to_be_visible()


def write(page: Page) -> None:
    page.get_by_label("A title, if you like").fill("The fourteenth of March")
    page.get_by_label("As much or as little as you want").fill(LETTER)
    for line in ("Who is this for?", "What a reader should know", "Publish"):
        page.locator("summary").filter(has_text=line).click()
    for part in ("The words", "The photographs"):
        group = page.get_by_role("group", name=part)
        group.get_by_label("These people").check()
        group.get_by_label("Family").check()
    page.get_by_label("What should a reader know first?").fill(NOTE)


def publish(page: Page) -> None:
    page.get_by_role("button", name="Continue to publishing").click()
    expect(page.get_by_text("Nan").first).to_be_visible()
    page.get_by_role("button", name="Publish it", exact=True).click()
    expect(page.get_by_role("heading", name="The fourteenth of March")).to_be_visible()


def are_seen(page: Page, count: int) -> None:
    images = page.locator(".prints img")
    expect(images).to_have_count(count)
    for image in images.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", value=True)
        assert image.evaluate("image => image.naturalWidth") > 0


def look(page: Page, way: str) -> None:
    if way == "all":
        page.get_by_role("button", name=re.compile("Show me (all|both)")).click()
        are_seen(page, 2)
    else:
        page.get_by_role("link", name="One at a time").click()
        page.get_by_role("button", name=re.compile("Open this one")).first.click()
        are_seen(page, 1)


def take_back(page: Page, letter: str) -> None:
    page.goto(letter)
    page.locator("header summary").click()
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back now").click()
    expect(page.get_by_role("heading", name="It’s gone")).to_be_visible()


@pytest.mark.parametrize("way", ["all", "one at a time"])
def test_from_a_parents_phone_to_those_it_is_for_and_back(
    parent, grandmother, stranger, jpeg, tmp_path, way
):
    parent.goto("/write/")
    put_up(parent, jpeg, tmp_path)
    write(parent)
    publish(parent)
    letter = re.sub(r"#.*", "", parent.url)

    stranger.goto(letter)
    expect(stranger.get_by_text("There’s nothing at this address")).to_be_visible()

    grandmother.goto("/")
    expect(grandmother.get_by_text(LETTER)).to_be_visible()
    expect(grandmother.get_by_text(NOTE)).to_be_visible()
    assert "/p/" not in grandmother.content()
    grandmother.get_by_role("link", name="The fourteenth of March").first.click()
    grandmother.get_by_role("button", name="Show me the photographs").or_(
        grandmother.get_by_role("link", name="Show me the photographs")
    ).click()
    look(grandmother, way)

    take_back(parent, letter)

    grandmother.goto("/you/")
    grandmother.go_back()
    expect(grandmother.get_by_text("There’s nothing at this address")).to_be_visible()
    expect(grandmother.locator(".prints img")).to_have_count(0)
    assert Post.objects.get().state == Post.State.TAKEN_BACK
    assert set(Photo.objects.values_list("state", flat=True)) == {Photo.State.RECEIVED}
