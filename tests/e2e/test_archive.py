from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import expect

from beside.photos import uploads
from beside.photos.developing import develop_next
from beside.posts.models import PlacedPhoto, Post
from tests.archive.stewards import for_after
from tests.cast import NOW, Cast, make_cast, make_post
from tests.e2e.page_checks import is_well_made

PASSWORD = "a quiet long sentence"


@pytest.fixture
def cast(transactional_db, data) -> Cast:
    cast = make_cast()
    for account in (cast.rose, cast.nan):
        account.set_password(PASSWORD)
        account.save()
    return cast


@pytest.fixture
def letter(cast, jpeg) -> Post:
    left = [jpeg("teal", (640, 480))]
    upload = uploads.begin(cast.rose, len(left[0]), name_on_phone="IMG_1.jpg", at=NOW)
    uploads.receive(upload, lambda size: left.pop() if left else b"", offset=0, at=NOW)
    develop_next(NOW)
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan])
    PlacedPhoto.objects.create(post=post, photo_id=upload.photo_id, position=0, number=1)
    return post


def says_who_they_are(page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def unpacked(page, folder):
    with page.expect_download() as fetching:
        page.get_by_role("link", name="Download the archive").click()
    with zipfile.ZipFile(fetching.value.path()) as archive:
        archive.extractall(folder)
    return folder / "beside"


def test_all_of_it_is_fetched_and_opens_from_a_disk_folded(
    open_page, sign_in, cast, letter, tmp_path
):
    rose, anywhere = open_page(), open_page(offline=True, java_script_enabled=False)
    sign_in(rose, cast.rose)
    rose.goto("/you/")
    rose.get_by_role("link", name="Archive").click()
    says_who_they_are(rose)
    expect(rose.get_by_role("heading", level=1)).to_have_text("An archive")
    is_well_made(rose)
    rose.get_by_role("button", name="Make an archive").click()
    expect(rose.get_by_role("link", name="Download the archive")).to_be_visible()
    is_well_made(rose)
    folder = unpacked(rose, tmp_path)

    anywhere.goto(f"file://{folder}/START-HERE.html")
    anywhere.get_by_role("link", name=letter.title).click()
    picture = anywhere.get_by_role("img")
    expect(anywhere.get_by_text(letter.note)).to_be_visible()
    expect(picture).to_be_hidden()
    anywhere.get_by_text("A photograph", exact=True).click()
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.naturalWidth") > 0


def test_somebody_for_after_fetches_what_they_may_hand_over(
    no_javascript_page, sign_in, cast, letter, tmp_path
):
    one = for_after(cast.rose, cast.nan)
    type(one).objects.filter(pk=one.pk).update(acts_from=NOW)
    nan = no_javascript_page
    sign_in(nan, cast.nan)
    nan.goto(f"/helpers/{one.pk}/")
    nan.get_by_role("link", name="Take the archive, to hand it over").click()
    says_who_they_are(nan)
    nan.get_by_role("button", name="Make an archive").click()
    folder = unpacked(nan, tmp_path)

    assert [path.name for path in folder.rglob("*.jpg")] == ["01.jpg"]
    nan.goto("/you/archive/")
    expect(nan.get_by_role("link", name="Download the archive")).to_have_count(0)
