from __future__ import annotations

import os
import time
from collections.abc import Callable

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
from tests.serving import PATIENCE_S

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
    wait_until(page, lambda: Photo.objects.filter(state__in=states).count() == count)


def wait_until(page: Page, holds: Callable[[], object]) -> None:
    """Until it holds, while the page goes on. The test fails where that never comes."""
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > ends:
            pytest.fail(f"it never came: {[photo.state for photo in Photo.objects.all()]}")
        page.wait_for_timeout(50)


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
    expect(page.get_by_text("There’s nothing in it yet")).to_have_count(0)

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
    wait_until(page, lambda: late)
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
    wait_until(page, lambda: not Photo.objects.exists())


def wait_until_some_is_here(page: Page) -> None:
    begun = Upload.objects.filter(photo__name_on_phone="IMG_0.jpg", received_bytes__gt=0)
    wait_until(page, begun.exists)


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


PROXYS_PAGE = "<html><h1>403 Forbidden</h1><p>Gateway of the hotel</p></html>"


def pieces_answer(page: Page, **answer) -> list[str]:
    """Let whatever is between the phone and the server answer each piece; the list grows with each that is sent."""
    sent: list[str] = []

    def handle(route):
        if route.request.method != "PATCH":
            return route.continue_()
        sent.append(route.request.url)
        return route.fulfill(**answer)

    page.route("**/uploads/*/", handle)
    return sent


def let_time_pass(page: Page, seconds: int) -> None:
    for _ in range(seconds):
        page.clock.run_for(1000)
        page.wait_for_timeout(30)


def test_pauses_grow_until_something_arrives(weak_line, files):
    page = weak_line
    page.clock.install()
    sent = pieces_answer(page, status=502, content_type="text/html", body=PROXYS_PAGE)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(files(1, padding=3_000_000))
    expect(page.get_by_text("this place can’t be reached just now")).to_be_visible()
    let_time_pass(page, 30)
    in_half_a_minute = len(sent)
    let_time_pass(page, 60)

    assert 3 <= in_half_a_minute <= 9
    assert len(sent) <= in_half_a_minute + 5
    assert "Gateway of the hotel" not in page.content()
    page.unroute_all()
    let_time_pass(page, 60)
    page.clock.resume()
    wait_for(page, {"received"}, 1)


def test_a_file_that_vanished_from_the_phone_ends_at_once_and_can_be_picked_again(weak_line, files):
    page = weak_line
    (picked,) = files(1, padding=3_000_000)
    content = picked.read_bytes()
    held = []
    page.route("**/uploads/", lambda route: held.append(route), times=1)
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_until(page, lambda: held)

    picked.unlink()
    held[0].continue_()
    expect(page.get_by_text("Your phone can’t read IMG_0 any more.")).to_be_visible()
    expect(page.get_by_role("button", name="Choose it again")).to_be_visible()
    picked.write_bytes(content)
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_for(page, {"received"}, 1)

    expect(page.get_by_text("can’t read")).to_have_count(0)
    assert original(Photo.objects.filter(state="received").get()) == content


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
def test_what_a_proxy_says_is_never_quoted(weak_line, files, kind):
    page = weak_line
    sent = pieces_answer(page, status=403, content_type=kind, body=PROXYS_PAGE)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(files(1))

    expect(
        page.get_by_text("Something between you and this place turned IMG_0 away.")
    ).to_be_visible()
    assert len(sent) == 1
    assert "Gateway of the hotel" not in page.inner_text("body")
    page.unroute_all()
    page.get_by_role("button", name="Go on with it").click()
    wait_for(page, {"received"}, 1)


def test_what_the_server_says_is_quoted(weak_line, files):
    page = weak_line
    says = "This place is full at the moment."
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": "text/plain; charset=utf-8"}
    pieces_answer(page, status=507, headers=headers, body=says)
    page.goto("/drawer/")

    page.get_by_label("Add photographs").set_input_files(files(1))

    expect(page.get_by_text(says)).to_be_visible()
    expect(page.get_by_text("IMG_0 didn’t come through.")).to_be_visible()


def test_a_proxy_that_takes_only_small_pieces_is_given_small_ones(weak_line, files):
    page = weak_line
    (picked,) = files(1, padding=1_200_000)
    refused = []

    def at_most_100_kb(route):
        if len(route.request.post_data_buffer or b"") <= 100_000:
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=413, content_type="text/html", body=PROXYS_PAGE)

    page.route("**/uploads/*/", at_most_100_kb)
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_for(page, {"received"}, 1)

    assert 1 <= len(refused) <= 3
    assert original(Photo.objects.get()) == picked.read_bytes()


def test_after_a_reload_what_had_not_come_is_named_and_nothing_comes_twice(weak_line, files):
    page = weak_line
    picked = files(5)
    held = []
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked[:2])
    wait_for(page, {"received"}, 2)
    for number in (0, 1):
        expect(page.get_by_text(f"IMG_{number} is safely here")).to_be_visible()
    page.route("**/uploads/*/", lambda route: held.append(route))
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_until(page, lambda: len(held) >= 3)
    page.reload()
    page.unroute_all(behavior="ignoreErrors")

    note = page.locator("[data-left]")
    expect(note.get_by_text("3 of 3 hadn’t come when this page was left.")).to_be_visible()
    note.get_by_text("Which ones").click()
    assert note.locator("li").all_inner_texts() == ["IMG_2", "IMG_3", "IMG_4"]
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_for(page, {"received"}, 5)
    expect(note).to_be_hidden()
    expect(page.get_by_text("isn’t sent a second time.")).to_have_count(2)
    page.wait_for_timeout(300)
    assert Photo.objects.count() == 5


def test_a_second_tab_does_not_tell_of_what_the_first_one_is_sending(weak_line, files):
    first = weak_line
    held = []
    first.route("**/uploads/*/", lambda route: held.append(route))
    first.goto("/drawer/")
    first.get_by_label("Add photographs").set_input_files(files(3))
    wait_until(first, lambda: len(held) >= 3)

    second = first.context.new_page()
    second.goto("/drawer/")
    second.wait_for_timeout(500)
    expect(second.locator("[data-left]")).to_be_hidden()

    first.close()
    note = second.locator("[data-left]")
    expect(note.get_by_text("3 of 3 hadn’t come when this page was left.")).to_be_visible()


def test_what_had_not_come_can_be_left_out(weak_line, files):
    page = weak_line
    slowly(page.context)
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(files(1, padding=8_000_000))
    wait_until_some_is_here(page)
    page.goto("/away")
    page.goto("/drawer/")

    page.get_by_role("button", name="Leave them out").click()
    expect(page.locator("[data-left]")).to_be_hidden()
    wait_until(page, lambda: not Photo.objects.exists())


def test_the_same_file_under_another_name_is_known_and_sent_only_if_asked(
    weak_line, files, tmp_path
):
    page = weak_line
    (picked,) = files(1, padding=5_000_000)
    other = tmp_path / "1000001.jpg"
    other.write_bytes(picked.read_bytes())
    page.goto("/drawer/")
    page.get_by_label("Add photographs").set_input_files(picked)
    wait_for(page, {"received"}, 1)
    develop()  # From here on the server's own hash is the one that is compared.

    page.get_by_label("Add photographs").set_input_files(other)
    expect(page.get_by_text("You have this one already, so it wasn’t sent again.")).to_be_visible()
    known = Photo.objects.count()
    page.get_by_role("button", name="Send it anyway").click()
    wait_for(page, {"received"}, 1)
    develop()

    assert known == 1
    expect(page.get_by_text("You have this one already.", exact=True)).to_be_visible()
