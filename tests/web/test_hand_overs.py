from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from beside.people import blocks, moderators
from beside.thanks.models import ThankYouNote, Way
from tests.cast import NOW
from tests.thanks.builders import send
from tests.web.browser import as_, page

pytestmark = pytest.mark.usefixtures("data")
TYPED = re.compile(r'<p class="address" dir="ltr">([^<]+)</p>')


@pytest.fixture
def marit(cast):
    return as_(cast.marit)


def act(client, do, *notes):
    return client.post(reverse("hand_overs"), {"do": do, "note": [note.pk for note in notes]})


def said(answer) -> str:
    return answer.content.decode()


def test_the_team_reads_whom_it_is_for_and_from_whom_and_none_of_its_words(marit, cast):
    note, _code = send(cast.rose, Way.TEAM)
    answer = said(act(marit, "print", note))

    for shown in (page(marit, "hand_overs"), answer):
        assert "Ingrid, nights, ward 6" in shown
        assert "Rose, Tom, and Emil" in shown
        assert "warmed the blanket" not in shown


@pytest.mark.thorough
def test_cards_are_printed_four_to_a_sheet_each_with_an_address_of_its_own(marit, cast, client):
    notes = [send(cast.rose, Way.TEAM)[0] for _ in range(5)]

    answer = said(act(marit, "print", *notes))

    typed = TYPED.findall(answer)
    assert len(set(typed)) == 5
    assert "sheet-of-four" in answer
    opened = client.post("/" + typed[0].split("/", 1)[1] + "/", follow=True)
    assert "warmed the blanket" in said(opened)
    assert not TYPED.findall(page(marit, "hand_overs"))


def test_handing_over_is_said_once_there_is_a_card(marit, cast):
    note, _code = send(cast.rose, Way.TEAM)
    too_early = act(marit, "handed over", note).status_code
    act(marit, "print", note)

    done = act(marit, "handed over", note)

    assert (too_early, done.status_code) == (404, 302)
    assert ThankYouNote.objects.get().handed_over_by == cast.marit
    assert "Ingrid" not in page(marit, "hand_overs")


@pytest.mark.parametrize("who", ["rose", "nan", "ines"])
def test_nobody_else_is_told_that_there_is_such_a_page(cast, who):
    note, _code = send(cast.rose, Way.TEAM)
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    client = as_(cast[who])

    assert client.get(reverse("hand_overs")).status_code == 404
    assert act(client, "print", note).status_code == 404
    assert act(client, "handed over", note).status_code == 404
    assert ThankYouNote.objects.get().code_digest is None


def test_what_is_not_theirs_to_hand_over_is_left_out_and_looks_like_nothing(marit, cast):
    other, _code = send(cast.rose)
    blocked, _code = send(cast.nan, Way.TEAM)
    blocks.block(cast.nan, cast.marit, at=NOW)
    nothing = act(marit, "handed over", ThankYouNote(pk=uuid.uuid4()))

    assert not TYPED.findall(said(act(marit, "print", other, blocked)))
    for note in (other, blocked):
        answer = act(marit, "handed over", note)
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert marit.post(reverse("hand_overs"), {"do": "print", "note": "x"}).status_code == 404


def test_choosing_none_is_said_kindly(marit):
    assert "Choose at least one" in said(act(marit, "print"))


def test_the_team_is_told_in_news(marit, cast):
    send(cast.rose, Way.TEAM)

    news = page(marit, "notices")

    assert "a note of thanks to hand over" in news
    assert "Ingrid" not in news
