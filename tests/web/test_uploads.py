from __future__ import annotations

import io
import os
import threading
from base64 import b64encode
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from tusclient import client as tus
from tusclient.exceptions import TusCommunicationError

from beside.config.wsgi import application
from beside.front.uploads import ANNOUNCED
from beside.photos import uploads
from beside.photos.models import HiddenPhoto, Photo, Upload
from beside.posts.models import PlacedPhoto
from beside.web.draft_ids import fresh_id
from tests import objects
from tests.cast import NOW, make_account, make_post

MARKER = b"the light was on the wall of room four"
HEADERS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


@pytest.fixture
def rose(cast, data) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def begin(client: Client, length: int, **headers: str) -> str:
    answer = client.post("/uploads/", headers={**HEADERS, "Upload-Length": str(length), **headers})
    assert answer.status_code == 201
    return answer.headers["Location"]


def patch(client: Client, url: str, content: bytes, *, offset: int, **headers: str):
    headers = {**HEADERS, "Upload-Offset": str(offset), **headers}
    return client.patch(url, content, content_type=BYTES, headers=headers)


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_it_says_what_it_speaks(rose):
    answer = rose.options("/uploads/")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(settings.BESIDE.upload_max_bytes)
    assert "termination" in answer.headers["Tus-Extension"].split(",")


def test_a_photograph_comes_in_pieces_and_every_answer_speaks_tus(rose, whole):
    url = begin(rose, 10)
    first = patch(rose, url, b"abcd", offset=0)
    asked = rose.head(url, headers=HEADERS)
    second = patch(rose, url, b"efghij", offset=4)

    assert [first.status_code, asked.status_code, second.status_code] == [204, 200, 204]
    assert asked.headers["Upload-Offset"] == "4"
    assert asked.headers["Upload-Length"] == "10"
    assert "no-store" in asked.headers["Cache-Control"]
    assert "GMT" in first.headers["Upload-Expires"]
    assert {one.headers["Tus-Resumable"] for one in (first, asked, second)} == {"1.0.0"}
    assert whole(Photo.objects.get()) == b"abcdefghij"


def test_one_that_has_arrived_still_says_how_long_it_is(rose):
    url = begin(rose, 4)
    patch(rose, url, b"abcd", offset=0)

    answer = rose.head(url, headers=HEADERS)

    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == ("4", "4")


def test_the_first_bytes_can_come_along(rose, whole):
    answer = rose.post(
        "/uploads/", b"abcd", content_type=BYTES, headers={**HEADERS, "Upload-Length": "4"}
    )

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "4")
    assert whole(Photo.objects.get()) == b"abcd"


def test_networks_that_know_only_post_are_no_hindrance(rose):
    url = begin(rose, 4)
    headers = {**HEADERS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}

    answer = rose.post(url, b"abcd", content_type=BYTES, headers=headers)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "4")


def test_stopping_leaves_nothing(rose):
    url = begin(rose, 10)
    patch(rose, url, b"abcd", offset=0)

    answer = rose.delete(url, headers=HEADERS)

    assert answer.status_code == 204
    assert rose.head(url, headers=HEADERS).status_code == 404
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "3"}, 409),
        ({"Upload-Offset": "11"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "four"}, 400),
        ({"Upload-Offset": "४"}, 400),
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Content-Type": "image/jpeg"}, 415),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Origin": "https://elsewhere.example"}, 400),
        ({"Origin": "null"}, 400),
    ],
)
def test_bytes_that_do_not_fit_are_not_taken(rose, headers, status):
    url = begin(rose, 10)

    answer = patch(rose, url, b"abcd", offset=0, **headers)

    assert answer.status_code == status
    assert Upload.objects.get().received_bytes == 0


def test_our_own_origin_is_the_places_address_whatever_the_proxy_calls_it(rose, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://beside.example.org"]
    url = begin(rose, 10)

    own = patch(rose, url, b"abcd", offset=0, Origin="https://beside.example.org")
    proxys = patch(rose, url, b"efgh", offset=4, Origin="http://localhost")

    assert own.status_code == 204
    assert proxys.status_code == 400


def test_a_piece_of_a_longer_body_says_how_much_is_to_come(rose):
    url = begin(rose, 10)

    answer = rose.patch(
        url,
        b"abcd",
        content_type=BYTES,
        headers={**HEADERS, "Upload-Offset": "0"},
        **{ANNOUNCED: 11},
    )

    assert answer.status_code == 413
    assert Upload.objects.get().received_bytes == 0


def test_more_than_was_said_is_not_taken(rose):
    answer = patch(rose, begin(rose, 4), b"abcdefgh", offset=0)

    assert answer.status_code == 413
    assert Upload.objects.get().received_bytes == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": str(10**9)}, 413),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "1", "Upload-Metadata": "filename ###"}, 400),
        ({"Upload-Length": "1", "Upload-Metadata": "post bm9uZQ=="}, 400),
    ],
)
def test_a_beginning_that_cannot_be_is_told_why(rose, headers, status):
    answer = rose.post("/uploads/", headers={**HEADERS, **headers})

    assert answer.status_code == status
    assert answer.content
    assert not Photo.objects.exists()


def test_only_its_uploader_meets_an_upload(cast, rose):
    url = begin(rose, 10)
    tom = Client()
    tom.force_login(cast.tom, backend=settings.AUTHENTICATION_BACKENDS[0])
    unknown = f"/uploads/{uuid4()}/"

    for act in (tom.head, tom.delete):
        theirs, none = act(url, headers=HEADERS), act(unknown, headers=HEADERS)
        assert theirs.status_code == none.status_code == 404
        assert theirs.content == none.content
    assert patch(tom, url, b"abcd", offset=0).status_code == 404
    assert Upload.objects.get().received_bytes == 0


def test_nobody_who_is_not_signed_in_can_leave_a_byte(data):
    answer = Client().post("/uploads/", headers={**HEADERS, "Upload-Length": "10"})

    assert answer.status_code == 302
    assert not Photo.objects.exists()


def test_a_name_comes_back_and_is_never_a_path(rose):
    url = begin(rose, 4, **{"Upload-Metadata": f"filename {coded('../../é.jpg')},filetype aQ=="})

    assert Photo.objects.get().name_on_phone == "é.jpg"
    assert (
        rose.head(url, headers=HEADERS).headers["Upload-Metadata"] == f"filename {coded('é.jpg')}"
    )


@pytest.mark.thorough
def test_photographs_lie_in_a_letter_in_the_order_in_which_they_were_picked(rose, cast):
    post = fresh_id(cast.rose)
    urls = [begin(rose, 1, **{"Upload-Metadata": f"post {coded(str(post))}"}) for _ in range(3)]
    for url in reversed(urls):
        patch(rose, url, b"x", offset=0)

    lying = PlacedPhoto.objects.filter(post=post).order_by("position")

    assert [f"/uploads/{one.photo_id}/" for one in lying] == urls


def test_nothing_can_be_laid_in_a_letter_of_others(rose, cast):
    post = make_post(cast.tom)

    answer = rose.post(
        "/uploads/",
        headers={**HEADERS, "Upload-Length": "1", "Upload-Metadata": f"post {coded(str(post.pk))}"},
    )

    assert answer.status_code == 404
    assert not Photo.objects.exists()


def test_closed_for_me_can_be_said_at_once(rose, cast):
    begin(rose, 1, **{"Upload-Metadata": "closed"})

    assert HiddenPhoto.objects.get().account == cast.rose


def test_how_they_stand_is_said_to_their_uploader_only(rose, cast):
    url = begin(rose, 4)
    coming = url.split("/")[-2]
    other = uploads.begin(cast.tom, 4, at=NOW)

    answer = rose.get("/uploads/", {"id": [coming, str(other.pk), "nothing"]}).json()

    (one,) = answer["photographs"]
    assert (one["id"], one["state"]) == (coming, "receiving")
    assert "keep it on your phone" in one["says"]


@pytest.mark.skipif(objects.are_used(), reason="photographs are in a store")
def test_a_full_disk_is_a_sentence(rose, monkeypatch):
    url = begin(rose, 4)

    def full(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        answer = patch(rose, url, b"abcd", offset=0)

    assert answer.status_code == 507
    assert "full at the moment" in answer.content.decode()
    assert patch(rose, url, b"abcd", offset=0).status_code == 204


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def live(transactional_db, data):
    """A real server, and a tus client that knows nothing but a cookie."""
    account = make_account("rose")
    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
    server = make_server("127.0.0.1", 0, application, ThreadedWSGIServer, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    foreign = tus.TusClient(
        f"http://127.0.0.1:{server.server_port}/uploads/",
        headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie.value}"},
    )

    yield foreign, data

    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.thorough
@pytest.mark.parametrize("size", [64 * 1024, 700_001, 1 << 20, 5_000_000])
def test_a_client_that_we_did_not_write_sends_in_pieces_of_any_size(live, whole, size):
    client, folder = live
    content = (MARKER + os.urandom(5000)) * 400

    uploader = client.uploader(file_stream=io.BytesIO(content), chunk_size=size)
    while uploader.offset < len(content):
        uploader.upload_chunk()
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert all(MARKER not in path.read_bytes() for path in files)

    assert whole(Photo.objects.get()) == content


@pytest.mark.thorough
def test_thirty_megabytes_come_with_an_interruption_in_the_middle(live, whole):
    client, _folder = live
    content = os.urandom(30 * 1024 * 1024)
    first = client.uploader(file_stream=io.BytesIO(content), chunk_size=1 << 20)
    for _ in range(11):
        first.upload_chunk()

    second = client.uploader(file_stream=io.BytesIO(content), chunk_size=1 << 21, url=first.url)
    went_on_at = second.offset
    second.upload()

    assert went_on_at == 11 << 20
    assert whole(Photo.objects.get()) == content


@pytest.mark.thorough
def test_a_client_at_the_wrong_place_is_told_and_goes_on(live, whole):
    client, _folder = live
    content = os.urandom(200_000)
    uploader = client.uploader(file_stream=io.BytesIO(content), chunk_size=50_000)
    uploader.upload_chunk()
    uploader.offset = 150_000

    with pytest.raises(TusCommunicationError) as told:
        uploader.upload_chunk()
    uploader.offset = uploader.get_offset()
    uploader.upload()

    assert told.value.status_code == 409
    assert whole(Photo.objects.get()) == content
