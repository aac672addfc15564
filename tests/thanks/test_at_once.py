from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.responses.models import ReadFirst, Response
from beside.thanks import answers, hand_overs, policy, thank_you_notes
from beside.thanks.answers import AnswerText, NoteAnswered
from beside.thanks.hand_overs import NotWithTheTeam
from beside.thanks.models import ThankYouNote, Way
from beside.thanks.thank_you_notes import NoteEnded, NoteIsSent, NoteNotOpen, Sending
from tests.at_once import at_once
from tests.cast import NOW
from tests.parallel import in_parallel
from tests.thanks.builders import TEXT, send

pytestmark = pytest.mark.django_db(transaction=True)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
SOON = NOW + timedelta(hours=1)


@either_first
def test_a_note_that_is_ended_while_its_card_is_printed_opens_for_nobody(cast, order):
    note, _code = send(cast.rose, Way.TEAM)
    acts = [
        lambda: thank_you_notes.end(note.pk, by=cast.rose, at=NOW),
        lambda: hand_overs.print_cards([note.pk], by=cast.marit, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not policy.openable(SOON).exists()


@either_first
def test_a_note_is_handed_over_or_ended_first(cast, order):
    note, _code = send(cast.rose, Way.TEAM)
    hand_overs.print_cards([note.pk], by=cast.marit, at=NOW)
    acts = [
        lambda: thank_you_notes.end(note.pk, by=cast.rose, at=SOON),
        lambda: hand_overs.hand_over(note.pk, by=cast.marit, at=SOON),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([NotWithTheTeam] if order == 1 else [])
    row = ThankYouNote.objects.get()
    assert row.ended_at == SOON
    assert row.handed_over_at == (None if order == 1 else SOON)


@either_first
def test_a_note_gets_no_new_code_once_it_has_ended(cast, order):
    note, _code = send(cast.rose)
    acts = [
        lambda: thank_you_notes.end(note.pk, by=cast.rose, at=SOON),
        lambda: thank_you_notes.renew(note.pk, by=cast.rose, at=SOON),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([NoteEnded] if order == 1 else [])
    assert not policy.openable(SOON).exists()


def test_a_card_printed_twice_at_once_opens_by_one_code_only(cast):
    note, _code = send(cast.rose, Way.TEAM)

    def print_it():
        return hand_overs.print_cards([note.pk], by=cast.marit, at=NOW)[0].code

    both = at_once(print_it, print_it)

    assert both.raised() == []
    digest = bytes(policy.openable(SOON).get().code_digest)
    opening = [
        code for code in (both.first, both.second) if thank_you_notes.digest_of(code) == digest
    ]
    assert len(opening) == 1


@either_first
def test_of_two_who_answer_at_once_one_is_told_kindly(cast, order):
    _note, code = send(cast.rose)
    digest = thank_you_notes.digest_of(code)
    acts = [
        lambda name=name: answers.answer(
            digest, uuid.uuid4(), AnswerText(name, "Thank you."), at=SOON
        )
        for name in ("Ingrid", "Marit")
    ]

    both = at_once(*acts[::order])

    assert both.raised() == [NoteAnswered]
    assert Response.objects.count() == 1
    assert ThankYouNote.objects.get().answer is not None


@pytest.mark.thorough
def test_of_twenty_who_answer_at_once_one_answer_is_kept(cast):
    _note, code = send(cast.rose)
    digest = thank_you_notes.digest_of(code)

    def try_it(number):
        try:
            answers.answer(digest, uuid.uuid4(), AnswerText(str(number), "Thank you."), at=SOON)
        except NoteAnswered:
            return False
        return True

    assert in_parallel(try_it, times=20).count(True) == 1
    assert Response.objects.count() == 1


@either_first
def test_a_note_is_answered_or_ended_first(cast, order):
    note, code = send(cast.rose)
    digest = thank_you_notes.digest_of(code)
    acts = [
        lambda: thank_you_notes.end(note.pk, by=cast.rose, at=SOON),
        lambda: answers.answer(digest, uuid.uuid4(), AnswerText("Ingrid", "Thanks."), at=SOON),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([NoteNotOpen] if order == 1 else [])
    assert Response.objects.count() == (0 if order == 1 else 1)
    assert not policy.openable(SOON).exists()


def sent(by, key, words=TEXT.words):
    sending = Sending(Way.LINK, ReadFirst.AUTHORS)
    return lambda: thank_you_notes.send(key, TEXT._replace(words=words), sending, by=by, at=NOW)


def test_a_note_sent_twice_at_once_has_one_code(cast):
    key = uuid.uuid4()

    both = at_once(sent(cast.rose, key), sent(cast.rose, key))

    assert both.raised() == [NoteIsSent]
    assert ThankYouNote.objects.get().pk == key


def test_a_sent_note_keeps_its_words_whatever_is_kept_at_once(cast):
    key = uuid.uuid4()
    other = TEXT._replace(words="Not these.")

    both = at_once(
        sent(cast.rose, key), lambda: thank_you_notes.keep(key, other, by=cast.rose, at=NOW)
    )

    assert both.raised() == [NoteIsSent]
    assert ThankYouNote.objects.get().words == TEXT.words
