from __future__ import annotations

from datetime import timedelta

import pytest

from beside.notices.models import Notice
from beside.people import blocks, moderators
from beside.people.models import Account, Narrowing
from beside.thanks import hand_overs, policy, thank_you_notes
from beside.thanks.hand_overs import NotWithTheTeam
from beside.thanks.models import ThankYouNote, Way
from tests.cast import NOW
from tests.thanks.builders import send

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def note(cast) -> ThankYouNote:
    return send(cast.rose, Way.TEAM)[0]


def printed(note, by, *, at=NOW) -> list[str]:
    return [code for _note, code in hand_overs.print_cards([note.pk], by=by, at=at)]


def opens(code: str) -> bool:
    digest = thank_you_notes.digest_of(code)
    return policy.openable(SOON).filter(code_digest=digest).exists()


def test_the_code_is_made_when_the_card_is_printed(cast, note):
    before = policy.openable(NOW).exists()

    [code] = printed(note, cast.marit)

    assert not before
    assert opens(code)
    assert not Narrowing.objects.filter(kind=Narrowing.Kind.NOTE_ENDED).exists()


def test_printing_again_ends_the_card_before(cast, note):
    [first] = printed(note, cast.marit)

    [second] = printed(note, cast.marit, at=SOON)

    assert not opens(first)
    assert opens(second)
    assert Narrowing.objects.filter(kind=Narrowing.Kind.NOTE_ENDED).count() == 1


def test_its_author_sees_who_handed_it_over_and_when(cast, note):
    [code] = printed(note, cast.marit)

    hand_overs.hand_over(note.pk, by=cast.marit, at=SOON)

    note = thank_you_notes.own(note.pk, by=cast.rose)
    assert (note.handed_over_by, note.handed_over_at) == (cast.marit, SOON)
    assert opens(code)
    assert not hand_overs.waiting_for(cast.marit).exists()
    assert not Notice.objects.filter(kind=Notice.Kind.NOTE_TO_HAND_OVER).exists()
    assert printed(note, cast.marit) == []


def test_what_was_never_printed_was_not_handed_over(cast, note):
    with pytest.raises(NotWithTheTeam):
        hand_overs.hand_over(note.pk, by=cast.marit, at=SOON)


@pytest.mark.parametrize("who", ["nan", "rose"])
def test_nobody_else_prints_or_hands_over(cast, note, who):
    printed(note, cast.marit)

    with pytest.raises(NotWithTheTeam):
        hand_overs.hand_over(note.pk, by=cast[who], at=SOON)

    assert printed(note, cast[who]) == []
    assert not hand_overs.waiting_for(cast[who]).exists()


def test_a_moderator_hands_over_until_they_are_none(cast, note):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    named = hand_overs.waiting_for(cast.ines).exists()
    moderators.accept(cast.ines, at=NOW)
    accepted = hand_overs.waiting_for(cast.ines).exists()
    moderators.end(cast.ines.pk, by=cast.marit, at=NOW)

    assert (named, accepted) == (False, True)
    assert printed(note, cast.ines) == []


def test_a_block_keeps_it_from_that_moderator(cast, note):
    blocks.block(cast.rose, cast.marit, at=NOW)

    assert printed(note, cast.marit) == []


@pytest.mark.parametrize("end", ["end", "delete", "suspend"])
def test_what_has_ended_is_not_handed_over(cast, note, end):
    printed(note, cast.marit)
    if end == "suspend":
        Account.objects.filter(pk=cast.rose.pk).update(suspended_at=NOW)
    else:
        getattr(thank_you_notes, end)(note.pk, by=cast.rose, at=NOW)

    with pytest.raises(NotWithTheTeam):
        hand_overs.hand_over(note.pk, by=cast.marit, at=SOON)

    assert printed(note, cast.marit) == []


def test_other_ways_are_none_of_the_teams_business(cast):
    note, _code = send(cast.rose, Way.PRINT)

    assert printed(note, cast.marit) == []
    assert not hand_overs.waiting_for(cast.marit).exists()
