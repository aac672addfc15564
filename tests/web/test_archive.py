from __future__ import annotations

import io
import json
import uuid
import zipfile
from hashlib import sha256
from html.parser import HTMLParser
from os.path import normpath
from pathlib import PurePosixPath

import pytest
from django.core import mail
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.archive import exports
from beside.archive.models import Export
from beside.family import date_words, timeline_entries
from beside.family.timeline_entries import EntryText
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.people import delegations, sessions
from beside.people.delegations import HandsOver
from beside.people.directory_entry_models import WhatHappened
from beside.people.models import Delegation
from beside.photos import hidden, uploads
from beside.photos.developing import develop_next
from beside.photos.models import Photo
from beside.photos.vault.store import store
from beside.posts.models import Audience, PlacedPhoto
from beside.responses import desk
from beside.web.views.archive import Ended
from tests.archive.stewards import for_after
from tests.cast import NOW, make_post
from tests.responses.builders import in_hand, passed_on, reads_first, take_responses
from tests.thanks.builders import send
from tests.web.place import signed_in_just_now


@pytest.fixture
def browser(cast, data):
    def open_one(account) -> Client:
        client = Client(HTTP_HOST="localhost")
        client.force_login(account)
        signed_in_just_now(client, account)
        return client

    return open_one


@pytest.fixture
def given(jpeg, data):
    """A real photograph of `account`'s, and the bytes that they gave."""

    def give(account, colour: str = "teal") -> tuple[Photo, bytes]:
        content = jpeg(colour)
        left = [content]
        upload = uploads.begin(account, len(content), name_on_phone="IMG_2214.JPG", at=NOW)
        uploads.receive(upload, lambda size: left.pop() if left else b"", offset=0, at=NOW)
        develop_next(NOW)
        return Photo.objects.get(pk=upload.photo_id), content

    return give


def place(post, photo, number: int = 1) -> None:
    PlacedPhoto.objects.create(post=post, photo=photo, position=number, number=number)


def fetched(client: Client, export: Export, **headers) -> bytes:
    answer = client.get(reverse("archive_file", args=[export.pk]), headers=headers)
    assert answer.status_code in (200, 206)
    body = b"".join(answer.streaming_content)
    assert int(answer.headers["Content-Length"]) == len(body)
    return body


def unpacked(client: Client, export: Export) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(fetched(client, export))) as archive:
        return {name.removeprefix("beside/"): archive.read(name) for name in archive.namelist()}


def hang_up(answer) -> None:
    """As the server does when a reader has gone; the test's own connection stays."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


def own(client: Client, photographs: str = "given") -> Export:
    client.post(reverse("archive"), {"photographs": photographs})
    return Export.objects.get()


@pytest.mark.thorough
def test_the_words_and_each_photograph_come_as_they_were_given(cast, browser, given):
    photo, content = given(cast.rose)
    words = "We knew.\n\n[photograph 1]\n\nAt four."
    place(make_post(cast.rose, words=words, title="Früh am Morgen"), photo)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    (folder,) = {name.rpartition("/")[0] for name in files if name.endswith("letter.html")}
    assert folder.endswith("-fruh-am-morgen")
    assert files[f"{folder}/01-img_2214-original.jpg"] == content
    assert files[f"{folder}/01.jpg"].startswith(b"\xff\xd8")
    assert files[f"{folder}/words.txt"].decode() == f"Früh am Morgen\n\n{words}\n"
    page = files[f"{folder}/letter.html"].decode()
    assert page.index("We knew.") < page.index('src="01.jpg"') < page.index("At four.")
    assert f'href="{folder}/letter.html"' in files["START-HERE.html"].decode()
    assert json.loads(files["archive.json"])["letters"][0]["words"] == words


@pytest.mark.thorough
def test_what_was_passed_on_is_on_the_letters_page_and_with_a_pen_name_says_no_more(cast, browser):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    one = in_hand(post, cast.ines, cast.nan, "Emil.\n\nI said it aloud.", pen_name="Katrin")
    desk.pass_on(one.pk, by=cast.ines, at=NOW)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    page = next(files[name] for name in files if name.endswith("letter.html")).decode()
    assert "I said it aloud." in page
    assert "Katrin (a pen name)" in page
    [told] = json.loads(files["archive.json"])["letters"][0]["responses"]
    assert (told["by"], told["is_pen_name"], told["words"]) == ("Katrin", True, one.words)
    everything = b"".join(files.values())
    for word in ("Nan", cast.nan.email, str(cast.nan.pk)):
        assert word.encode() not in everything


@pytest.mark.thorough
def test_private_letters_have_a_page_in_it(cast, browser):
    passed_on(cast.rose, cast.nan, "Dear Rose.\n\nI thought of you.")
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    page = files["private-letters/private-letters.html"].decode()
    assert "I thought of you." in page
    assert 'href="private-letters/private-letters.html"' in files["START-HERE.html"].decode()
    [told] = json.loads(files["archive.json"])["private_letters"]
    assert (told["by"], told["to"]) == ("Nan", "Rose")


def test_notes_of_thanks_have_a_page_in_it_without_their_addresses(cast, browser):
    _note, code = send(cast.rose)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    page = files["notes-of-thanks/notes-of-thanks.html"].decode()
    assert "I notice it every day now." in page
    assert "To Ingrid, nights, ward 6" in page
    assert 'href="notes-of-thanks/notes-of-thanks.html"' in files["START-HERE.html"].decode()
    [told] = json.loads(files["archive.json"])["thank_you_notes"]
    assert (told["to"], told["signature"]) == ("Ingrid, nights, ward 6", "Rose, Tom, and Emil")
    assert not [name for name, content in files.items() if code.encode() in content]


def test_what_somebody_is_found_by_is_on_its_first_page(cast, browser):
    said = Said("Ask us.", WhatHappened.MISCARRIAGE, languages=("en",))
    directory_entries.save(cast.rose, said, at=NOW)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    page = files["START-HERE.html"].decode()
    for words in ("Being found", "A miscarriage", "Ask us.", "You read English."):
        assert words in page
    told = json.loads(files["archive.json"])
    assert told["directory_entry"]["words"] == "Ask us."
    assert told["shows_less_of"] == []


def test_a_family_has_a_page_in_it_with_dates_as_they_were_typed(cast, browser):
    (meaning,) = date_words.read("about 2011", language="en", today=NOW.date())
    text = EntryText("about 2011", "They meet")
    timeline_entries.keep(uuid.uuid4(), text, meaning, by=cast.rose, at=NOW)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    page = files["family/family.html"].decode()
    assert "About 2011" in page
    assert "They meet" in page
    assert 'href="family/family.html"' in files["START-HERE.html"].decode()
    [told] = json.loads(files["archive.json"])["family"]["entries"]
    assert (told["typed"], told["edtf"]) == ("about 2011", "2011~")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src")]


@pytest.mark.thorough
def test_its_pages_need_nothing_but_what_lies_in_it_and_fold_every_photograph(cast, browser, given):
    place(make_post(cast.rose), given(cast.rose)[0])
    given(cast.rose, "maroon")
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    for name in [name for name in files if name.endswith(".html")]:
        links = _Links()
        links.feed(files[name].decode())
        folder = PurePosixPath(name).parent
        assert {normpath(folder / link) for link in links.found} <= set(files)
        assert files[name].count(b"<img") == files[name].count(b"<details>")


@pytest.mark.thorough
def test_somebody_can_check_that_no_file_has_changed(cast, browser, given):
    given(cast.rose)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    sums = dict(
        line.split("  ")[::-1] for line in files.pop("SHA256SUMS.txt").decode().split("\n")[:-1]
    )
    assert sums == {name: sha256(data).hexdigest() for name, data in files.items()}


@pytest.mark.thorough
def test_what_one_has_closed_for_oneself_lies_apart_and_on_no_page(cast, browser, given):
    photo, content = given(cast.rose)
    place(make_post(cast.rose), photo)
    hidden.hold(photo, account=cast.rose, at=NOW)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    assert files["closed-for-you/letter-0001-01-original.jpg"] == content
    assert not [name for name in files if name.startswith("letters/") and name.endswith(".jpg")]
    assert b"closed-for-you/letter" not in b"".join(
        data for name, data in files.items() if name.endswith(".html")
    )


def test_as_readers_see_them_there_is_no_original(cast, browser, given):
    content = given(cast.rose)[1]
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose, "shown"))

    assert content not in files.values()
    assert [name for name in files if name.endswith(".jpg")] == ["drawer/0001.jpg"]


@pytest.mark.thorough
def test_one_that_cannot_be_read_costs_none_of_the_others(cast, browser, given):
    (lost, _), (_, content) = given(cast.rose), given(cast.rose, "maroon")
    store().delete(lost.original_blob)
    rose = browser(cast.rose)

    files = unpacked(rose, own(rose))

    originals = {name: data for name, data in files.items() if name.endswith("-original.jpg")}
    (lost_one,) = [name for name, data in originals.items() if not any(data)]
    assert len(originals) == 2
    assert content in originals.values()
    assert f"{'0' * 64}  {lost_one}" in files["SHA256SUMS.txt"].decode()


@pytest.mark.thorough
def test_a_line_that_broke_is_gone_on_with_and_only_while_it_is_the_same_archive(
    cast, browser, given
):
    given(cast.rose)
    rose = browser(cast.rose)
    export = own(rose)
    tag = rose.head(reverse("archive_file", args=[export.pk])).headers["ETag"]
    whole = fetched(rose, export)

    rest = fetched(rose, export, range="bytes=1000-", if_range=tag)
    make_post(cast.rose)
    afresh = fetched(rose, export, range="bytes=1000-", if_range=tag)

    assert rest == whole[1000:]
    assert len(afresh) > len(whole)


def test_it_ends_on_its_way_where_the_visit_ends(cast, browser, given):
    given(cast.rose)
    rose = browser(cast.rose)
    answer = rose.get(reverse("archive_file", args=[own(rose).pk]))
    pieces = iter(answer.streaming_content)
    next(pieces)

    sessions.end_everywhere(cast.rose, at=timezone.now())

    with pytest.raises(Ended):
        list(pieces)
    hang_up(answer)


@pytest.mark.thorough
def test_somebody_for_after_asks_takes_it_and_the_author_reads_of_it(cast, browser, given):
    photo, content = given(cast.rose)
    post = make_post(cast.rose, words_for=[cast.ada], photographs_for=[cast.ada])
    place(post, photo)
    make_post(cast.rose, words="Only ours.", words_for=Audience.ONLY_US)
    one = for_after(cast.rose, cast.nan, HandsOver.SHOWN)
    rose, nan = browser(cast.rose), browser(cast.nan)
    too_early = nan.get(reverse("archive_of", args=[one.pk]))
    Delegation.objects.filter(pk=one.pk).update(acts_from=timezone.now())

    offered = nan.get(reverse("delegation", args=[one.pk])).content.decode()
    nan.post(reverse("archive_of", args=[one.pk]))
    files = unpacked(nan, Export.objects.get())

    assert too_early.status_code == 404
    assert reverse("archive_of", args=[one.pk]) in offered
    assert content not in files.values()
    assert b"Only ours." not in b"".join(files.values())
    assert [name for name in files if name.endswith(".jpg")]
    assert "Nan has taken" in rose.get(reverse("notices")).content.decode()
    assert "Nan" in rose.get(reverse("archive")).content.decode()
    assert [message.to for message in mail.outbox] == [[cast.rose.email]]

    delegations.stop_asking(one.pk, by=cast.rose)

    assert nan.get(reverse("archive_file", args=[Export.objects.get().pk])).status_code == 404


def test_what_is_agreed_to_stands_on_the_page_that_both_sign(cast, browser):
    one = for_after(cast.rose, cast.nan, HandsOver.EVERYTHING, asks=False)

    for account in (cast.rose, cast.nan):
        page = browser(account).get(reverse("delegation", args=[one.pk])).content.decode()
        assert "drafts and drawer too" in page


def test_whoever_signed_in_long_ago_is_asked_again_first(cast, data):
    rose = Client(HTTP_HOST="localhost")
    rose.force_login(cast.rose)

    rose.post(reverse("archive"), {"photographs": "given"})

    assert not exports.available_to(cast.rose, at=NOW).exists()
