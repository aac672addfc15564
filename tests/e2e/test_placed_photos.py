"""A letter with seven photographs, from the first word to its readers, on a phone."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from beside.photos.developing import develop_next
from beside.posts.models import Post
from tests.cast import make_cast, make_circle

LETTER = "We knew from about four in the afternoon.\n\nEmil was born at ten past two."
NOTE = "Emil had died. You can see his hand. You can’t see his face."


@pytest.fixture
def rose(open_page, sign_in, data, transactional_db) -> Page:
    cast = make_cast()
    make_circle(cast.rose, of=[cast.nan])
    page = open_page()
    sign_in(page, cast.rose)
    return page


def add_seven(page: Page, jpeg, tmp_path) -> None:
    files = []
    for number, colour in enumerate(["teal", "olive", "navy", "maroon", "gray", "tan", "plum"], 1):
        files.append(tmp_path / f"IMG_{number}.jpg")
        files[-1].write_bytes(jpeg(colour, (90, 60)))
    page.locator("input[type=file][multiple]").set_input_files(files)
    expect(page.get_by_text("is being made ready")).to_have_count(7)
    while develop_next(timezone.now()):
        pass
    expect(page.locator(".tray img")).to_have_count(7)
    expect(page.locator("[data-tray-says]")).to_have_text("All seven are on the server ✓.")


def describe_three(page: Page) -> None:
    page.get_by_role("button", name="Describe them, one by one").click()
    sheet = page.get_by_role("dialog")
    for number in (1, 2, 3):
        expect(sheet.get_by_role("heading", name=f"Photograph {number}")).to_be_visible()
        sheet.get_by_label("What can be seen").fill(f"A hand, {number}")
        sheet.get_by_role("button", name="Done" if number == 3 else "The next photograph").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_text("Four have no description yet.")).to_be_visible()


def put_among_the_words(page: Page) -> None:
    words = page.get_by_label("As much or as little as you want")
    words.evaluate("field => { field.focus(); field.setSelectionRange(5, 5); }")
    page.get_by_role("button", name="Put a photograph here").click()
    page.locator("[data-number='2'] button").click()
    expect(words).to_have_value(LETTER.replace("\n\n", "\n\n[photograph 2]\n\n"))
    expect(words).to_be_focused()


def publish(page: Page) -> None:
    for line in ("Who is this for?", "What a reader should know", "Publish"):
        page.locator("summary").filter(has_text=line).click()
    for part in ("The words", "The photographs"):
        group = page.get_by_role("group", name=part)
        group.get_by_label("These people").check()
        group.get_by_label("Family").check()
    page.get_by_label("What should a reader know first?").fill(NOTE)
    expect(page.locator("summary [data-summary=photographs]")).to_have_text("the circle Family")
    page.get_by_role("button", name="Continue to publishing").click()
    page.get_by_role("button", name="Publish it", exact=True).click()
    page.wait_for_url(re.compile(r"/posts/[0-9a-f-]{36}/?$"))


def test_a_letter_with_seven_photographs_is_written_and_published(rose, jpeg, tmp_path):
    rose.goto("/write/")
    rose.get_by_label("As much or as little as you want").fill(LETTER)

    add_seven(rose, jpeg, tmp_path)
    describe_three(rose)
    put_among_the_words(rose)
    publish(rose)

    post = Post.objects.get()
    assert post.state == Post.State.PUBLISHED
    assert post.words == LETTER.replace("\n\n", "\n\n[photograph 2]\n\n")
    described = post.placed.order_by("position").values_list("photo__description", flat=True)
    assert list(described) == ["A hand, 1", "A hand, 2", "A hand, 3", "", "", "", ""]
    assert list(post.placed.order_by("position").values_list("number", flat=True)) == [*range(1, 8)]


def turned(print_, page: Page) -> None:
    """Turn it, let a worker make it, and wait until it stands upright without being asked for."""
    expect(print_).to_have_js_property("naturalWidth", 90)
    page.get_by_role("button", name="Turn a quarter").click()
    expect(page.get_by_text("It’s turned a quarter.")).to_be_visible()
    expect(page.locator("[data-turning]").first).to_be_attached()
    while develop_next(timezone.now()):
        pass
    expect(print_).to_have_js_property("naturalWidth", 60)
    expect(print_).to_have_attribute("height", "90")


def test_a_turned_photograph_stands_upright_as_soon_as_it_is_made(rose, jpeg, tmp_path):
    rose.goto("/write/")
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(jpeg("teal", (90, 60)))
    rose.locator("input[type=file][multiple]").set_input_files(file)
    expect(rose.get_by_text("is being made ready")).to_have_count(1)
    while develop_next(timezone.now()):
        pass
    rose.locator(".tray img").click()
    sheet = rose.get_by_role("dialog")
    sheet.get_by_label("What can be seen").fill("His hand")

    turned(sheet.locator("img"), rose)

    expect(sheet.get_by_label("What can be seen")).to_have_value("His hand")
    sheet.get_by_role("button", name="Done").click()
    expect(rose.locator(".tray img")).to_have_js_property("naturalWidth", 60)


def test_so_does_one_in_the_drawer(rose, jpeg, tmp_path):
    rose.goto("/drawer/")
    file = tmp_path / "IMG_1.jpg"
    file.write_bytes(jpeg("teal", (90, 60)))
    rose.locator("input[type=file]").set_input_files(file)
    expect(rose.get_by_text("is safely here, and is being made ready")).to_be_visible()
    while develop_next(timezone.now()):
        pass
    rose.goto("/drawer/")
    rose.locator(".tray a").click()

    turned(rose.locator("main img"), rose)
