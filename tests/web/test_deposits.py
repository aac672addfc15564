from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beside.notices.models import Notice
from beside.photos import deposits
from beside.photos.deposits import Terms
from beside.photos.models import DepositLink, HiddenPhoto, Photo, Upload
from tests.cast import NOW, make_sealed_photo

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
THANKS = "You warmed the blanket before you gave it to us."


@pytest.fixture
def rose(cast, data) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def made(cast, data) -> tuple[DepositLink, str]:
    terms = Terms("Ingrid, nights, ward 6", message="From the night", thanks=THANKS)
    return deposits.make(cast.rose, terms, at=NOW)


def opened(secret: str) -> Client:
    client = Client()
    assert client.post("/put-in/", {"secret": secret}).status_code == 302
    return client


@pytest.fixture
def ingrid(made) -> Client:
    return opened(made[1])


def put(client: Client, *contents: bytes):
    files = [SimpleUploadedFile(f"IMG_{n}.jpg", one) for n, one in enumerate(contents)]
    return client.post("/put-in/photographs/", {"photographs": files})


def begin(client: Client, length: int):
    return client.post("/put-in/uploads/", headers={**TUS, "Upload-Length": str(length)})


def patch(client: Client, url: str, content: bytes):
    return client.patch(url, content, content_type=BYTES, headers={**TUS, "Upload-Offset": "0"})


def test_an_author_makes_a_link_and_is_shown_its_address_once(rose, cast):
    typed = {"name": "Ingrid, nights", "good_for": "7", "most": "5", "thanks": THANKS}

    answer = rose.post("/drawer/links/", typed)

    link = DepositLink.objects.get()
    address = re.search(r'value="([^"]*/put-in/#[\w-]{43})"', answer.content.decode())[1]
    assert (link.keeper, link.most, (link.ends_at - link.made_at).days) == (cast.rose, 5, 7)
    assert deposits.digest_of(address.partition("#")[2]) == bytes(link.secret_digest)
    assert b"/put-in/#" not in rose.get("/drawer/links/").content
    assert b"/put-in/#" not in rose.get(f"/drawer/links/{link.pk}/").content


@pytest.mark.parametrize(("field", "typed"), [("most", "201"), ("most", "0"), ("good_for", "900")])
def test_no_link_is_longer_or_wider_than_may_be(rose, field, typed):
    rose.post("/drawer/links/", {"name": "I", "good_for": "7", "most": "5", field: typed})

    assert not DepositLink.objects.exists()


def test_somebody_puts_photographs_in_without_a_script(ingrid, cast, made):
    put(ingrid, b"abcd", b"efgh", b"")
    page = ingrid.get("/put-in/").content.decode()

    assert set(HiddenPhoto.objects.values_list("photo__uploader", "account")) == {
        (cast.rose.pk, cast.rose.pk)
    }
    assert Photo.objects.filter(deposited_through=made[0], state="received").count() == 2
    assert all(f"IMG_{n}.jpg" in page for n in range(3))
    assert page.count("It’s safely here.") == 2
    assert "This file is empty" in page
    assert THANKS in page


@pytest.mark.thorough
def test_the_keeper_is_told_once_and_finds_who_put_it_in(ingrid, rose):
    put(ingrid, b"abcd")
    put(ingrid, b"efgh")

    assert Notice.objects.filter(kind=Notice.Kind.DEPOSITED).count() == 1
    assert "Ingrid, nights, ward 6 put something in for you" in rose.get("/news/").content.decode()
    drawer = rose.get("/drawer/").content.decode()
    assert drawer.count('<span class="fold">') == 2
    assert "Ingrid" not in drawer
    photo = Photo.objects.first()
    folded = rose.get(f"/drawer/{photo.pk}/sheet/").content.decode()
    rose.post(f"/photographs/{photo.pk}/unseen/", {"do": "open", "sheet": ""})
    opened = rose.get(f"/drawer/{photo.pk}/sheet/").content.decode()
    assert "Ingrid" not in folded
    assert "Put in by Ingrid, nights, ward 6" in opened


def test_it_goes_on_where_the_line_dropped(ingrid, cast, made, whole):
    url = begin(ingrid, 8).headers["Location"]
    patch(ingrid, url, b"abcd")
    offset = ingrid.head(url, headers=TUS).headers["Upload-Offset"]
    told_before = Notice.objects.exists()
    ingrid.patch(url, b"efgh", content_type=BYTES, headers={**TUS, "Upload-Offset": offset})

    photo = Photo.objects.get()
    assert whole(photo) == b"abcdefgh"
    assert (photo.uploader, photo.deposited_through) == (cast.rose, made[0])
    assert HiddenPhoto.objects.filter(photo=photo, account=cast.rose).exists()
    assert (told_before, Notice.objects.get().recipient) == (False, cast.rose)
    asked = ingrid.get(f"/put-in/uploads/?id={photo.pk}").json()["photographs"]
    assert [one["id"] for one in asked] == [str(photo.pk)]
    assert b"safely here" in ingrid.get(f"/put-in/{photo.pk}/").content


def test_another_links_visit_reaches_nothing_of_it(ingrid, cast):
    url = begin(ingrid, 8).headers["Location"]
    photo = Photo.objects.get()
    nan = opened(deposits.make(cast.rose, Terms("Nan"), at=NOW)[1])

    assert nan.head(url, headers=TUS).status_code == 404
    assert patch(nan, url, b"abcd").status_code == 404
    assert nan.delete(url, headers=TUS).status_code == 404
    assert nan.get(f"/put-in/uploads/?id={photo.pk}").json() == {"photographs": []}
    assert nan.get(f"/put-in/{photo.pk}/").status_code == 404
    assert Upload.objects.exists()


def test_what_the_keeper_put_here_themselves_is_out_of_reach(ingrid, cast):
    photo = make_sealed_photo(cast.rose)

    assert ingrid.get(f"/put-in/{photo.pk}/").status_code == 404
    assert ingrid.head(f"/put-in/uploads/{photo.pk}/", headers=TUS).status_code == 404
    assert ingrid.get(f"/put-in/uploads/?id={photo.pk}").json() == {"photographs": []}


def test_without_a_link_nothing_comes_in(client, data, db):
    assert begin(client, 4).status_code == 410
    assert put(client, b"abcd").status_code == 200
    assert client.get(f"/put-in/{uuid.uuid4()}/").status_code == 404
    assert not Photo.objects.exists()


def test_an_ended_link_takes_nothing_more_from_a_browser_that_opened_it(ingrid, made, cast):
    url = begin(ingrid, 4).headers["Location"]
    deposits.end(made[0], by=cast.rose, at=NOW)

    assert patch(ingrid, url, b"abcd").status_code == 410
    assert begin(ingrid, 4).status_code == 410
    put(ingrid, b"abcd")
    assert not Photo.objects.exclude(state="receiving").exists()
    assert THANKS not in ingrid.get("/put-in/").content.decode()


def test_a_wrong_secret_and_an_ended_link_are_the_same_page(client, made, cast):
    link, secret = made
    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    wrong = client.post("/put-in/", {"secret": "x" * 43})
    deposits.end(link, by=cast.rose, at=NOW)
    ended = client.post("/put-in/", {"secret": secret})

    assert token.sub(b"", wrong.content) == token.sub(b"", ended.content)
    assert b"This link has ended" in wrong.content


def test_the_whole_link_can_be_pasted(made):
    client = opened(f"https://beside.example.org/put-in/#{made[1]}")

    assert "Put photographs in for Rose" in client.get("/put-in/").content.decode()


def test_the_secret_is_in_no_session_and_on_no_page(ingrid, made):
    page = ingrid.get("/put-in/").content.decode()

    assert made[1] not in page + str(dict(ingrid.session.items()))


def test_thanks_wait_until_something_was_put_in_and_are_there_on_coming_back(made, ingrid):
    first = ingrid.get("/put-in/").content.decode()
    put(ingrid, b"abcd")
    again = opened(made[1]).get("/put-in/").content.decode()

    assert "card stack after" in first
    assert "card stack after" not in again
    assert "IMG_0.jpg" not in again


def test_a_full_link_says_so(ingrid, made):
    DepositLink.objects.update(most=1)

    put(ingrid, b"abcd", b"efgh")

    page = ingrid.get("/put-in/").content.decode()
    assert "has taken as many photographs as it was made for" in page
    assert "This link has taken as many photographs" in page
    assert begin(ingrid, 4).status_code == 413
    assert Photo.objects.count() == 1


def test_a_browser_can_forget_the_link(ingrid):
    ingrid.post("/put-in/", {"do": "forget"})

    assert begin(ingrid, 4).status_code == 410
    assert "Put photographs in for" not in ingrid.get("/put-in/").content.decode()


@pytest.mark.thorough
def test_links_are_tried_out_only_so_often(client, data, db):
    answers = [client.post("/put-in/", {"secret": "x" * 43}).status_code for _ in range(31)]

    assert set(answers[:30]) == {200}
    assert answers[30] == 429


def test_thanks_are_written_later_and_a_link_is_ended(rose, made):
    page = f"/drawer/links/{made[0].pk}/"

    rose.post(page, {"thanks": "And the lamp."})
    rose.post(page, {"do": "end"})

    link = DepositLink.objects.get()
    assert link.thanks == "And the lamp."
    assert link.ended_at is not None


def test_made_anew_the_page_shows_another_address(rose, made):
    answer = rose.post(f"/drawer/links/{made[0].pk}/", {"do": "anew"})

    secret = re.search(r"/put-in/#([\w-]{43})", answer.content.decode())[1]
    assert secret != made[1]
    assert opened(secret).get("/put-in/").status_code == 200
