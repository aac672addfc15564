from __future__ import annotations

from datetime import timedelta

import pytest

from beside.thanks import hand_overs, policy, thank_you_notes
from beside.thanks.hand_overs import NotWithTheTeam
from beside.thanks.models import ThankYouNote, Way
from beside.thanks.thank_you_notes import NoteEnded
from tests.at_once import at_once
from tests.cast import NOW
from tests.thanks.builders import send

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
