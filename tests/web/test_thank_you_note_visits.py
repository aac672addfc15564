from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from beside.config.logs import WithoutSecrets
from beside.people.models import Account, Session
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote
from tests.cast import NOW
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


def test_right_codes_are_not_counted_and_wrong_ones_are(made, client):
    for _ in range(40):
        assert client.get(f"/t/{made[1]}/").status_code == 200
    answers = [client.get(f"/t/{number:05}-22222/").status_code for number in range(31)]

    assert answers == [200] * 30 + [429]
    # Not even the right one is looked at then.
    assert client.get(f"/t/{made[1]}/").status_code == 429


def _without_token(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
