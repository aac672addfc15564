from __future__ import annotations

import re
import uuid
from dataclasses import replace

import pytest
import segno
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from beside.people import budgets, narrowings
from beside.people.models import Account
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote, Way
from tests.cast import NOW
from tests.thanks.builders import TEXT, draft, send
from tests.web.browser import as_, page
from tests.web.test_disk_full import Disk

pytestmark = pytest.mark.usefixtures("data")
TYPED = re.compile(r'<p class="address" dir="ltr">([^<]+)</p>')
CODE = r"[0-9a-z]{5}-[0-9a-z]{5}"
WRITTEN = {**TEXT._asdict(), "read_first": "1"}


@pytest.fixture
def rose(cast):
    return as_(cast.rose)


def write(client, *, do="send", **more):
    return client.post(reverse("thank_you_notes"), {**WRITTEN, "do": do, **more})


def act(client, note, do):
    return client.post(reverse("thank_you_note", args=[note.pk]), {"do": do})


def said(answer) -> str:
    return answer.content.decode()


def test_a_link_is_shown_once(rose):
    answer = said(write(rose, way="link"))

    note = ThankYouNote.objects.get()
    address = re.search(rf'value="([^"]+/t/({CODE})/)"', answer)
    assert thank_you_notes.digest_of(address[2]) == bytes(note.code_digest)
    later = page(rose, "thank_you_note", note.pk) + page(rose, "thank_you_notes")
    assert address[2] not in later
    assert "You warmed the blanket" in later
    assert "To Ingrid, nights, ward 6" in later


def test_a_card_has_its_address_to_type_and_as_a_square(rose, settings):
    answer = said(write(rose, way="print"))

    [typed] = TYPED.findall(answer)
    host = settings.BESIDE.url.split("://")[1]
    assert re.fullmatch(rf"{re.escape(host)}/t/{CODE}", typed)
    scheme = settings.BESIDE.url.split("://")[0]
    matrix = segno.make_qr(f"{scheme}://{typed}/", error="m").matrix
    [path] = re.findall(r'<path fill="#000" d="([^"]+)"', answer)
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    dark = {
        (x, y) for y, row in enumerate(matrix, 4) for x, is_dark in enumerate(row, 4) if is_dark
    }
    assert drawn == dark
    assert "You warmed the blanket" not in answer.partition('<ul class="plain cards')[2]


def test_a_sheet_has_the_same_card_four_times(rose):
    answer = said(write(rose, way="sheet"))

    typed = TYPED.findall(answer)
    assert (len(typed), len(set(typed))) == (4, 1)
    assert "sheet-of-four" in answer


def test_the_team_gets_it_without_an_address(rose):
    answer = write(rose, way="team")

    note = ThankYouNote.objects.get()
    assert answer.status_code == 302
    assert (note.way, note.code_digest) == ("team", None)
    assert "The team has had it since" in page(rose, "thank_you_note", note.pk)


def test_the_team_is_no_choice_where_there_is_none(rose):
    Account.objects.update(is_host=False)

    assert 'value="team"' not in page(rose, "thank_you_notes")
    assert "Choose how it should reach them" in said(write(rose, way=""))
    write(rose, way="team")

    assert not ThankYouNote.objects.exists()


def test_what_is_kept_for_later_is_sent_later(rose):
    write(rose, do="keep", name="", signature="")
    note = ThankYouNote.objects.get()
    before = note.way
    address = reverse("thank_you_note", args=[note.pk])

    rose.post(address, {**WRITTEN, "words": "Other words.", "do": "keep"})
    answer = said(
        rose.post(address, {**WRITTEN, "words": "Other words.", "way": "link", "do": "send"})
    )

    note.refresh_from_db()
    assert (before, note.way, note.words) == ("", "link", "Other words.")
    assert re.search(rf"/t/{CODE}/", answer)
    assert ThankYouNote.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "To whom? A name is enough."),
        ({"words": ""}, "There’s nothing written here yet. One sentence is enough."),
        ({"words": "a" * 20_001}, "A little less will fit."),
        ({"name": "a" * 121}, "A little less will fit."),
        ({"way": "pigeon"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(rose, typed, sentence):
    answer = said(write(rose, **{"way": "link", **typed}))

    assert sentence in answer
    for name, value in {**WRITTEN, **typed}.items():
        if value.strip() and name != "way":
            assert value.split("\n")[0] in answer
    assert not ThankYouNote.objects.exists()


def test_nothing_at_all_is_not_kept(rose):
    answer = said(write(rose, do="keep", name="", words=" ", signature=""))

    assert "There’s nothing written here yet." in answer
    assert not ThankYouNote.objects.exists()


def test_pressing_twice_sends_it_once(rose):
    key = str(uuid.uuid4())

    write(rose, way="team", id=key)
    again = write(rose, way="team", id=key)

    assert again.headers["Location"] == reverse("thank_you_note", args=[key])
    assert ThankYouNote.objects.count() == 1


def test_another_address_is_shown_once_and_the_first_opens_nothing(rose, cast, client):
    note, first = send(cast.rose)

    second = re.search(rf"/t/({CODE})/", said(act(rose, note, "anew")))[1]

    opened = [client.post(f"/t/{code}/").status_code for code in (first, second)]
    assert opened == [200, 302]


@pytest.mark.parametrize(("do", "cards"), [("anew", 1), ("sheet", 4)])
def test_a_card_is_printed_again_with_another_address(rose, cast, do, cards):
    note, _code = send(cast.rose, Way.PRINT)

    assert len(TYPED.findall(said(act(rose, note, do)))) == cards


def test_it_is_ended_and_deleted_by_its_author(rose, cast):
    note, code = send(cast.rose)

    act(rose, note, "end")
    ended = page(rose, "thank_you_note", note.pk)
    refused = said(
        rose.post(reverse("thank_you_note", args=[note.pk]), {"do": "anew"}, follow=True)
    )
    act(rose, note, "delete")

    assert "It has ended." in ended
    assert "You can write another" in refused
    assert code not in ended
    assert not ThankYouNote.objects.exists()


def test_somebody_elses_note_is_the_same_404_as_none(cast):
    note, _code = send(cast.rose)
    tom = as_(cast.tom)
    here, nowhere = (reverse("thank_you_note", args=[pk]) for pk in (note.pk, uuid.uuid4()))

    for do in ("", "end", "delete", "anew", "keep", "send"):
        data = {"do": do, **WRITTEN}
        answer, never = tom.post(here, data), tom.post(nowhere, data)
        assert (answer.status_code, answer.content) == (404, never.content)
    assert write(tom, way="link", id=str(note.pk)).status_code == 404
    assert ThankYouNote.objects.get().ended_at is None


@pytest.mark.thorough
def test_who_handed_it_over_and_when_is_all_that_its_author_is_told(rose, cast, client):
    note, code = send(cast.rose)
    shown = ("thank_you_notes", "thank_you_note", "notices", "you", "letters")
    before = [_stable(rose, name, note) for name in shown]

    client.post(f"/t/{code}/")
    client.get("/t/")

    assert [_stable(rose, name, note) for name in shown] == before
    ThankYouNote.objects.filter(pk=note.pk).update(
        way=Way.TEAM, handed_over_at=NOW, handed_over_by=cast.marit
    )
    assert "Handed over by Marit on" in page(rose, "thank_you_note", note.pk)


def test_it_is_sent_so_often_a_day(rose, monkeypatch):
    monkeypatch.setattr(budgets, "THANK_YOU_NOTES", replace(budgets.THANK_YOU_NOTES, tries=1))

    answers = [write(rose, way="link") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert "a good many notes for one day" in said(answers[1])


def test_a_draft_is_nobody_elses(rose, cast):
    note = draft(cast.rose)

    assert "Kept for later" in page(rose, "thank_you_notes")
    assert as_(cast.marit).get(reverse("thank_you_note", args=[note.pk])).status_code == 404


def _stable(client, name, note) -> str:
    args = [note.pk] if name == "thank_you_note" else []
    body = client.get(reverse(name, args=args)).content.decode()
    body = re.sub(r'name="id" value="[^"]+"', "", body)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("do", ["end", "delete"])
def test_on_a_full_disk_it_is_ended_and_deleted_from_the_reserve(cast, data, monkeypatch, do):
    note, code = send(cast.rose)
    disk = Disk(data)
    monkeypatch.setattr(narrowings, "record", disk.refuse(narrowings.record))

    answer = act(as_(cast.rose), note, do)

    assert answer.status_code == 302
    assert "There’s nothing to open here now" in Client().get(f"/t/{code}/").content.decode()


def test_on_a_full_disk_nothing_typed_is_lost(cast, monkeypatch):
    def full(*_args, **_fields):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(thank_you_notes, "keep", full)
    rose = as_(cast.rose)

    answer = write(rose, do="keep")

    assert answer.status_code == 507
    assert "warmed the blanket" in said(answer)
