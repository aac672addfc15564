from __future__ import annotations

import os
import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from beside.photos.developing import develop_next
from beside.photos.models import Photo, Upload
from beside.photos.originals import pieces_of
from beside.posts.models import PlacedPhoto
from tests.cast import make_account
from tests.e2e.conftest import PHONE, WAIT_MS
from tests.e2e.page_checks import is_well_made

COLOURS = ("teal", "maroon", "olive", "navy", "grey")


@pytest.fixture
def rose(transactional_db, data):
    return make_account("rose")


@pytest.fixture
def files(jpeg, tmp_path):
    """Five photographs as they lie on a phone."""

    def make(count: int = 5, padding: int = 0) -> list:
        folder = tmp_path / "phone"
        folder.mkdir(exist_ok=True)
        paths = []
        for number, colour in enumerate(COLOURS[:count]):
            path = folder / f"IMG_{number}.jpg"
            path.write_bytes(jpeg(colour, (640, 480)) + os.urandom(padding))
            paths.append(path)
        return paths

    return make


def develop() -> None:
    while develop_next(timezone.now()):
        pass


def wait_for(page: Page, states: set[str], count: int) -> None:
    """Until so many photographs are in one of these states."""
    for _ in range(150):
        if Photo.objects.filter(state__in=states).count() == count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{[photo.state for photo in Photo.objects.all()]}")


def original(photo: Photo) -> bytes:
    pieces = pieces_of(photo)
    whole = b"".join(pieces)
    pieces.close()
    return whole


def test_five_photographs_come_from_a_phone(page, sign_in, rose, files):
    sign_in(page, rose)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(files())
    wait_for(page, {"received"}, 5)
    expect(page.get_by_text("IMG_0 is safely here")).to_be_visible()
    develop()
    expect(page.locator("[data-drawer] img")).to_have_count(5)

    names = page.locator("[data-drawer] .shot").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert names == [f"IMG_{number}.jpg" for number in (4, 3, 2, 1, 0)]
    assert page.locator("[data-drawer] img").first.evaluate("one => one.naturalWidth") > 0
    is_well_made(page)


def test_what_was_picked_before_the_script_came_is_sent_all_the_same(page, sign_in, rose, files):
    sign_in(page, rose)
    late = []
    page.route("**/upload.*js", lambda route: late.append(route))
    page.goto("/drawer/", wait_until="commit")

    page.get_by_label("Add photographs").set_input_files(files(2))
    assert not Photo.objects.exists()
    late[0].continue_()
    wait_for(page, {"received"}, 2)


def test_one_that_is_no_photograph_does_not_stop_the_others(page, sign_in, rose, files, tmp_path):
    film = tmp_path / "film.mov"
    film.write_bytes(b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + os.urandom(5000))
    sign_in(page, rose)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files([film, *files(2)])
    wait_for(page, {"received"}, 3)
    develop()

    expect(page.get_by_text("film.mov didn’t come through.")).to_be_visible()
    expect(page.get_by_text("It’s a film, and this place holds only photographs")).to_be_visible()
    expect(page.locator("[data-drawer] img")).to_have_count(2)
    page.get_by_role("button", name="Dismiss this note").click()
    expect(page.get_by_text("film.mov didn’t come through.")).to_have_count(0)


def test_what_is_closed_for_me_is_never_shown(page, sign_in, rose, files):
    sign_in(page, rose)
    page.goto("/drawer/")

    page.get_by_label("Hide them from me").check()
    page.get_by_label("Add photographs").set_input_files(files(1))
    wait_for(page, {"received"}, 1)
    develop()
    expect(page.get_by_text("It’s hidden from you until you ask to see it.")).to_be_visible()
    closed = page.locator("[data-drawer] img").count()
    page.get_by_role("button", name="Let me see it").click()

    expect(page.locator("[data-drawer] img")).to_have_count(1)
    assert closed == 0


def slowly(context) -> None:
    """A line so slow that something can happen in the middle."""

    def wait(route):
        time.sleep(0.15)
        route.continue_()

    context.route("**/uploads/*/", wait)


@pytest.fixture
def weak_line(browser, server, rose, sign_in):
    """A phone whose console may complain that the line broke."""
    context = browser.new_context(base_url=server, **PHONE)
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    sign_in(page, rose)
    yield page
    context.close()


def test_a_lost_connection_goes_on_where_it_was(weak_line, files):
    page = weak_line
    slowly(page.context)
    picked = files(2, padding=6_000_000)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(picked)
    wait_until_some_is_here(page)
    page.context.set_offline(True)
    expect(page.get_by_text("The line dropped.").first).to_be_visible()
    here = Upload.objects.get(photo__name_on_phone="IMG_0.jpg").received_bytes
    page.context.set_offline(False)
    wait_for(page, {"received"}, 2)

    assert 0 < here < 6_000_000
    assert [original(one) for one in Photo.objects.order_by("name_on_phone")] == [
        path.read_bytes() for path in picked
    ]


def test_a_closed_tab_goes_on_where_it_was(weak_line, files):
    page = weak_line
    slowly(page.context)
    (picked,) = files(1, padding=8_000_000)
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_until_some_is_here(page)
    page.goto("/away")
    page.wait_for_timeout(300)
    before = Upload.objects.get()

    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_for(page, {"received"}, 1)

    photo = Photo.objects.get()
    assert before.received_bytes > 0
    assert photo.pk == before.pk
    assert original(photo) == picked.read_bytes()


def test_one_can_be_stopped_and_nothing_of_it_stays(weak_line, files):
    page = weak_line
    slowly(page.context)
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(files(1, padding=8_000_000))
    wait_until_some_is_here(page)

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("IMG_0")).to_have_count(0)
    page.wait_for_timeout(1000)

    assert not Photo.objects.exists()


def wait_until_some_is_here(page: Page) -> None:
    for _ in range(100):
        if Upload.objects.filter(photo__name_on_phone="IMG_0.jpg", received_bytes__gt=0).exists():
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing came")


def test_photographs_come_into_a_letter_in_the_order_in_which_they_were_picked(
    page, sign_in, rose, files
):
    sign_in(page, rose)
    page.goto("/write/")

    page.locator("input[type=file][multiple]").set_input_files(files())
    wait_for(page, {"received"}, 5)
    develop()
    expect(page.locator("[data-order] img")).to_have_count(5)

    lying = [one.photo for one in PlacedPhoto.objects.order_by("position")]
    shown = page.locator("[data-order] li").evaluate_all("all => all.map(one => one.id)")
    assert [photo.name_on_phone for photo in lying] == [f"IMG_{number}.jpg" for number in range(5)]
    assert shown == [f"photograph-{photo.pk}" for photo in lying]


def test_a_plain_form_works_without_javascript(no_javascript_page, sign_in, rose, files):
    page = no_javascript_page
    sign_in(page, rose)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(files(3))
    page.get_by_role("button", name="Put them here").click()
    expect(page.get_by_text("They’re safely here.")).to_be_visible()
    develop()
    page.goto("/drawer/")

    expect(page.locator("[data-drawer] img")).to_have_count(3)


def test_a_plain_form_says_what_did_not_come(no_javascript_page, sign_in, rose, files, tmp_path):
    empty = tmp_path / "IMG_9.jpg"
    empty.write_bytes(b"")
    page = no_javascript_page
    sign_in(page, rose)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files([empty, *files(1)])
    page.get_by_role("button", name="Put them here").click()

    expect(page.get_by_role("heading", name="One didn’t come through")).to_be_visible()
    expect(page.get_by_text("The others are here and safe.")).to_be_visible()
    page.get_by_role("link", name="Go back").click()
    expect(page).to_have_url("/drawer/")


def test_the_page_of_what_did_not_come_is_well_made(page, sign_in, rose, tmp_path):
    empty = tmp_path / "IMG_9.jpg"
    empty.write_bytes(b"")
    sign_in(page, rose)
    page.goto("/drawer/")

    page.evaluate("""() => {
      const form = document.querySelector('main form');
      const input = form.querySelector('[type=file]');
      const files = new DataTransfer();
      files.items.add(new File([], 'IMG_9.jpg'));
      input.files = files.files;
      form.submit();
    }""")
    page.get_by_role("heading", name="One didn’t come through").wait_for()

    is_well_made(page)
