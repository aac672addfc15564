from __future__ import annotations

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.config.logs import WithoutSecrets
from beside.people.models import Account, Session
from beside.responses import desk, private_letter_choices, queue
from beside.responses.models import ReadFirst, Response, WrittenBy
from beside.thanks import answers, thank_you_notes
from beside.thanks.models import ThankYouNote
from tests.cast import NOW
from tests.responses.builders import reads_first
from tests.thanks.builders import send
from tests.web.browser import as_

pytestmark = pytest.mark.usefixtures("data")
WORDS = "You warmed the blanket"
STOPPED = "There’s nothing to open here now"


@pytest.fixture
def made(cast) -> tuple[ThankYouNote, str]:
    return send(cast.rose)


def said(answer) -> str:
    return answer.content.decode()


def opened(code: str) -> Client:
    client = Client()
    assert client.post(f"/t/{code}/").headers["Location"] == "/t/"
    return client


def test_its_address_says_for_whom_it_is_and_opens_nothing(made, client):
    answer = client.get(f"/t/{made[1]}/")

    assert "A note of thanks is here for Ingrid, nights, ward 6" in said(answer)
    assert WORDS not in said(answer)
    assert "Emil" not in said(answer)
    assert not Session.objects.exists()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "<title>For you – Beside</title>" in said(answer)
    assert client.head(f"/t/{made[1]}/").status_code == 200
    assert WORDS not in said(client.get("/t/"))


def test_a_press_opens_it_in_that_browser(made):
    ingrid = opened(made[1])

    page = said(ingrid.get("/t/"))

    assert WORDS in page
    assert "Rose, Tom, and Emil" in page
    assert made[1] not in page
    assert WORDS not in said(Client().get("/t/"))


def test_it_opens_in_any_other_browser_too(made):
    assert all(WORDS in said(opened(made[1]).get("/t/")) for _ in range(2))


@pytest.mark.parametrize(
    "type_it",
    [
        str,
        str.upper,
        lambda code: f"localhost/t/{code}/",
        lambda code: f" {code.replace('-', ' ')} ",
    ],
)
def test_the_code_is_typed(made, client, type_it):
    answer = client.post("/t/", {"code": type_it(made[1])}, follow=True)

    assert WORDS in said(answer)


def test_a_wrong_code_is_kept_in_its_field(made, client):
    answer = said(client.post("/t/", {"code": "22222-22222"}))

    assert STOPPED in answer
    assert 'value="22222-22222"' in answer
    assert "This can’t be left empty." in said(client.post("/t/", {"code": " "}))


@pytest.mark.parametrize(
    "how", ["end", "delete", "renew", "over", "suspended", "closed", "answered"]
)
def test_whatever_ends_it_ends_it_at_the_next_request_with_the_same_page(cast, made, how):
    note, code = made
    ingrid = opened(code)
    rows, rose = ThankYouNote.objects.filter(pk=note.pk), Account.objects.filter(pk=cast.rose.pk)
    {
        "over": lambda: rows.update(ends_at=NOW - timedelta(days=1)),
        "answered": lambda: rows.update(answered_at=NOW),
        "suspended": lambda: rose.update(suspended_at=NOW),
        "closed": lambda: rose.update(is_active=False),
    }.get(how, lambda: getattr(thank_you_notes, how)(note.pk, by=cast.rose, at=NOW))()

    pages = [
        said(ingrid.get("/t/")),
        said(ingrid.get(f"/t/{code}/")),
        said(ingrid.post(f"/t/{code}/")),
    ]
    pages.append(said(Client().get("/t/22222-22222/")))

    assert all(STOPPED in page and "Ingrid" not in page for page in pages)
    assert len({_without_token(page) for page in pages}) == 1
    assert WORDS not in said(ingrid.get("/t/"))


def test_its_reader_closes_it_again(made):
    ingrid = opened(made[1])

    ingrid.post("/t/", {"do": "close"})

    assert WORDS not in said(ingrid.get("/t/"))


def test_its_author_who_tries_the_address_is_taken_to_their_own_page(made, cast):
    answer = as_(cast.rose).post(f"/t/{made[1]}/")

    assert answer.headers["Location"] == reverse("thank_you_note", args=[made[0].pk])


def test_somebody_signed_in_opens_it_too(made, cast):
    nan = as_(cast.nan)

    assert WORDS in said(nan.post(f"/t/{made[1]}/", follow=True))


def test_its_code_is_in_no_session_and_no_log(made):
    ingrid = opened(made[1])
    record = logging.LogRecord("any", 20, "", 0, f'"GET /t/{made[1]}/ HTTP/1.1" 200', (), None)

    assert WithoutSecrets().filter(record)
    assert made[1] not in record.getMessage()
    assert made[1] not in str(dict(ingrid.session))


@pytest.mark.thorough
def test_right_codes_are_not_counted_and_wrong_ones_are(made, client):
    for _ in range(40):
        assert client.get(f"/t/{made[1]}/").status_code == 200
    answers = [client.get(f"/t/{number:05}-22222/").status_code for number in range(31)]

    assert answers == [200] * 30 + [429]
    # Not even the right one is looked at then.
    assert client.get(f"/t/{made[1]}/").status_code == 429


def _without_token(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


BACK = {"words": "You’d kept the card.", "signed": "Ingrid, ward 6"}


def test_it_is_answered_once_and_its_address_ends(made, cast):
    ingrid, another = opened(made[1]), opened(made[1])

    done = said(ingrid.post("/t/answer/", BACK, follow=True))

    assert "Your answer is on its way" in done
    assert "Your answer is on its way" in said(ingrid.get("/t/"))
    assert STOPPED in said(another.get("/t/"))
    assert STOPPED in said(Client().get(f"/t/{made[1]}/"))
    one = Response.objects.get()
    assert (one.recipient, one.signed, one.words) == (cast.rose, BACK["signed"], BACK["words"])


def test_whoever_answers_second_keeps_their_words(made):
    ingrid, another = opened(made[1]), opened(made[1])
    ingrid.post("/t/answer/", BACK)

    answer = another.post("/t/answer/", {"words": "I remember the snow.", "signed": "Ida"})

    assert answer.status_code == 409
    assert "it takes one answer" in said(answer)
    assert "I remember the snow." in said(answer)
    assert Response.objects.count() == 1


def test_pressing_twice_says_that_it_is_on_its_way(made):
    ingrid, data = opened(made[1]), {**BACK, "id": str(uuid.uuid4())}
    session = dict(ingrid.session)
    ingrid.post("/t/answer/", data)
    # As it was when the second press came, before the first had been answered.
    again = ingrid.session
    again.clear()
    again.update(session)
    again.save()

    assert "Your answer is on its way" in said(ingrid.post("/t/answer/", data, follow=True))
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"signed": " "}, "What’s your name? A first name is enough."),
        ({"words": ""}, "There’s nothing written here yet."),
        ({"words": "a" * 20_001}, "A little less will fit."),
        ({"signed": "a" * 81}, "A little less will fit."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(made, typed, sentence):
    answer = said(opened(made[1]).post("/t/answer/", {**BACK, **typed}))

    assert sentence in answer
    assert all(value in answer for value in {**BACK, **typed}.values() if value.strip())
    assert not Response.objects.exists()


@pytest.mark.parametrize("lost", ["ended meanwhile", "never opened"])
def test_where_nothing_is_open_what_was_typed_is_on_the_page(made, cast, lost):
    client = opened(made[1]) if lost == "ended meanwhile" else Client()
    if lost == "ended meanwhile":
        thank_you_notes.end(made[0].pk, by=cast.rose, at=NOW)

    answer = client.post("/t/answer/", BACK)

    assert answer.status_code == 409
    assert BACK["words"] in said(answer)
    assert not Response.objects.exists()


def test_on_a_full_disk_what_was_typed_is_on_the_page(made, monkeypatch):
    def refuse(*_args, **_fields):
        raise OperationalError("database or disk is full")

    ingrid = opened(made[1])
    monkeypatch.setattr(answers, "answer", refuse)

    answer = ingrid.post("/t/answer/", BACK)

    assert answer.status_code == 507
    assert BACK["words"] in said(answer)


def test_it_says_who_reads_first_and_never_its_authors_own_name(cast):
    _note, code = send(cast.rose)
    alone = said(opened(code).get("/t/"))
    private_letter_choices.choose(cast.rose, WrittenBy.NOBODY, ReadFirst.NOBODY, at=NOW)
    nobody = said(opened(code).get("/t/"))
    reads_first(cast.rose, cast.ines)
    screened = said(opened(code).get("/t/"))

    assert "It goes straight to the person who wrote to you." in alone
    assert "Nobody reads what comes at the moment." in nobody
    assert "At their request, Ines reads everything first." in screened


@pytest.mark.thorough
def test_until_an_answer_is_passed_on_its_note_looks_to_its_author_as_before(made, cast):
    note, code = made
    reads_first(cast.rose, cast.ines)
    rose = as_(cast.rose)
    before = _pages_of(rose, note)

    opened(code).post("/t/answer/", BACK)
    waiting = _pages_of(rose, note)
    taken = queue.take_next(cast.ines, at=timezone.now())
    desk.pass_on(taken.pk, by=cast.ines, at=timezone.now())

    assert waiting == before
    page = said(rose.get(reverse("thank_you_note", args=[note.pk])))
    assert "Ingrid, ward 6 has answered" in page
    response = said(rose.get(reverse("response", args=[taken.pk])))
    assert BACK["words"] in response
    assert reverse("thank_you_note", args=[note.pk]) in response


@pytest.mark.thorough
def test_a_declined_answer_changes_nothing_that_its_author_sees(made, cast):
    note, code = made
    reads_first(cast.rose, cast.ines)
    rose = as_(cast.rose)
    before = _pages_of(rose, note)

    opened(code).post("/t/answer/", BACK)
    taken = queue.take_next(cast.ines, at=timezone.now())
    desk.decline(taken.pk, by=cast.ines, at=timezone.now())

    assert _pages_of(rose, note) == before


def _pages_of(rose: Client, note: ThankYouNote) -> list[str]:
    paths = [reverse(name) for name in ("thank_you_notes", "notices", "inbox", "you")]
    paths.append(reverse("thank_you_note", args=[note.pk]))
    return [
        re.sub(r'name="id" value="[^"]+"', "", _without_token(said(rose.get(path))))
        for path in paths
    ]
