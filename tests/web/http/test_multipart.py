from __future__ import annotations

import io
import os
import tempfile
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beside.photos.models import HiddenPhoto, Hold, Photo, Upload
from beside.posts.models import PlacedPhoto, Post
from beside.web.draft_ids import fresh_id
from beside.web.http import multipart
from tests.photos.odd_names import ODD_NAMES

MARKER = b"the light was on the wall of room four"
SHARED = {"Sec-Fetch-Site": "none"}


@pytest.fixture
def rose(cast, data) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def picked(*contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"IMG_{n}.jpg", one) for n, one in enumerate(contents)]


def put(client: Client, *contents: bytes, to: str = "/drawer/", **fields):
    return client.post(to, {"photographs": picked(*contents), **fields})


def test_a_form_puts_photographs_into_the_drawer(rose, cast, whole):
    contents = [os.urandom(3_000_000), os.urandom(10)]

    answer = put(rose, *contents)

    assert answer.headers["Location"] == "/drawer/"
    photos = list(Photo.objects.order_by("name_on_phone"))
    assert [whole(photo) for photo in photos] == contents
    assert {photo.uploader for photo in photos} == {cast.rose}
    assert {photo.state for photo in photos} == {"received"}


def test_nothing_of_a_form_lies_plain_anywhere_while_it_streams(rose, data, monkeypatch, tmp_path):
    found = []
    # A machine's own folder for temporary files holds what others left there.
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def files():
        return [path for path in [*data.rglob("*"), *temporary.rglob("*")] if path.is_file()]

    really = multipart.SealingUploadHandler.receive_data_chunk

    def watched(handler, raw_data, start):
        answer = really(handler, raw_data, start)
        found.extend(path for path in files() if MARKER in path.read_bytes())
        return answer

    monkeypatch.setattr(multipart.SealingUploadHandler, "receive_data_chunk", watched)
    put(rose, (MARKER + os.urandom(4000)) * 900)

    assert Photo.objects.get().state == "received"
    assert found == []


def test_one_bad_file_never_stops_the_others(rose, limits):
    limits(upload_max_bytes=2_000_000)

    answer = put(rose, b"a" * 10, b"b" * 3_000_000, b"", b"c" * 10)

    said = answer.content.decode()
    assert Photo.objects.filter(state="received").count() == 2
    assert "IMG_1.jpg" in said
    assert "IMG_2.jpg" in said
    assert "IMG_0.jpg" not in said
    assert "The others are here and safe" in said
    assert not Upload.objects.exists()


def test_a_persons_room_has_an_end(rose, limits):
    limits(room_bytes=1500)

    answer = put(rose, b"a" * 1000, b"b" * 1000)

    assert Photo.objects.count() == 1
    assert "no room left" in answer.content.decode()


def test_a_full_disk_keeps_what_came_before_it(rose, monkeypatch):
    really, written = os.write, [0]

    def write(descriptor, piece):
        written[0] += len(piece)
        if written[0] > 2_500_000:
            raise OSError(28, "No space left on device")
        return really(descriptor, piece)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        answer = put(rose, b"a" * 2_000_000, b"b" * 2_000_000)

    here = Photo.objects.filter(state="received")
    assert [photo.original_bytes for photo in here] == [2_000_000]
    assert "full at the moment" in answer.content.decode()


def test_more_than_can_be_picked_at_once_are_told_so(rose, limits):
    limits(upload_max_photographs=2)

    answer = put(rose, b"a", b"b", b"c")

    assert Photo.objects.count() == 2
    assert "more than can be put here at once" in answer.content.decode()


def test_closed_for_me_counts_for_all_of_a_form(rose, cast):
    put(rose, b"a", b"b", closed="on")

    assert HiddenPhoto.objects.filter(account=cast.rose).count() == 2


@pytest.mark.thorough
def test_a_name_in_a_form_is_never_a_path(rose, data):
    files = [io.BytesIO(b"abc") for _ in ODD_NAMES]
    for file, name in zip(files, ODD_NAMES, strict=True):
        file.name = name.replace("\ud800", "")
    before = set(data.parent.rglob("*"))

    rose.post("/drawer/", {"photographs": files})

    blobs = {path.name for path in (data / "blobs").rglob("*") if path.is_file()}
    new = {path for path in set(data.parent.rglob("*")) - before if "blobs" not in path.parts}
    assert blobs == {photo.original_blob.hex for photo in Photo.objects.all()}
    assert {path.name for path in new} <= {"parts"}
    assert all(photo.name_on_phone.isprintable() for photo in Photo.objects.all())


def test_without_the_token_nothing_is_kept(cast, data):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])

    answer = put(client, b"a" * 10)

    assert answer.status_code == 400
    assert not Photo.objects.exists()
    assert not Hold.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://e.example"}]
)
def test_a_form_of_another_site_is_not_even_read(rose, headers):
    answer = rose.post("/drawer/", {"photographs": picked(b"a")}, headers=headers)

    assert answer.status_code == 400
    assert not Photo.objects.exists()


def test_nobody_who_is_not_signed_in_can_leave_a_byte(data):
    for address in ("/drawer/", "/share/", f"/posts/{uuid4()}/photographs/"):
        answer = Client().post(address, {"photographs": picked(b"a")}, headers=SHARED)
        assert answer.status_code == 302
    assert not Photo.objects.exists()


@pytest.mark.parametrize("address", ["/light", "/closing/", "/drawer/letter/", "/account/login/"])
def test_other_pages_take_no_file(rose, data, address):
    rose.post(address, {"photographs": picked(b"a")})

    assert not Photo.objects.exists()
    assert not list((data / "parts").glob("*"))


def test_a_phones_share_puts_them_into_the_drawer(rose):
    answer = rose.post("/share/", {"photographs": picked(b"a", b"b")}, headers=SHARED)

    assert answer.headers["Location"] == "/drawer/"
    assert Photo.objects.count() == 2


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_share_that_no_phone_made_is_not_taken(rose, headers):
    answer = rose.post("/share/", {"photographs": picked(b"a")}, headers=headers)

    assert answer.status_code == 400
    assert not Photo.objects.exists()


def test_a_form_lays_photographs_in_a_new_letter_in_their_order(rose, cast):
    post = fresh_id(cast.rose)

    put(rose, b"a", b"bb", b"ccc", to=f"/posts/{post}/photographs/")

    lying = PlacedPhoto.objects.filter(post=post).order_by("position")
    assert [one.photo.original_bytes for one in lying] == [1, 2, 3]


def test_the_button_for_photographs_loses_no_typed_word(rose, cast):
    post, page = fresh_id(cast.rose), uuid4()
    words = {"page": page, "version": 1, "over": 1, "title": "", "words": "We knew.", "note": ""}

    put(rose, b"a", to=f"/posts/{post}/photographs/", **words)

    assert Post.objects.get(pk=post).words == "We knew."
    assert PlacedPhoto.objects.filter(post=post).count() == 1


def test_a_line_that_breaks_keeps_the_files_that_were_whole(rose, cast):
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="photographs"; filename="%d.jpg"\r\n\r\n%s\r\n'
        % (n, bytes([65 + n]) * 100)
        for n in range(2)
    )[:-40]

    rose.generic("POST", "/drawer/", body, content_type="multipart/form-data; boundary=b")

    assert [photo.original_bytes for photo in Photo.objects.all()] == [100]
    assert not Upload.objects.exists()
