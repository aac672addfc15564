from __future__ import annotations

import pytest

from beside.access import content_preferences
from beside.access.door import admissions, bans
from beside.access.door.admissions import NotWaiting
from beside.access.models import AccessRequest, Admission, ContentPreference
from beside.people import blocks, delegations
from beside.people.delegations import Role
from beside.people.models import Delegation
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Facet
from tests.access.door.letters import AT_ONCE, ask, asked, make_letter
from tests.at_once import at_once
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])


@either_first
def test_whoever_is_banned_while_they_are_let_in_is_out(cast, order):
    letter = make_letter(cast.rose, cast.tom)
    ask(letter, cast.ines)
    request = asked(letter, cast.ines)
    acts = [
        lambda: admissions.let_in(request, by=cast.rose, message="", at=NOW),
        lambda: bans.ban(cast.tom, cast.ines, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotWaiting])
    assert not Admission.objects.exists()
    assert asked(letter, cast.ines).state == AccessRequest.State.DECLINED


def test_a_block_that_comes_first_wins_over_the_yes(cast):
    letter = make_letter(cast.rose, cast.tom)
    ask(letter, cast.ines)
    request = asked(letter, cast.ines)

    both = at_once(
        lambda: blocks.block(cast.tom, cast.ines, at=NOW),
        lambda: admissions.let_in(request, by=cast.rose, message="", at=NOW),
    )

    assert both.raised() == [NotWaiting]
    assert not Admission.objects.exists()


@either_first
def test_whoever_reads_first_decides_nothing_once_that_has_ended(cast, order):
    letter = make_letter(cast.rose)
    ask(letter, cast.ines)
    request = asked(letter, cast.ines)
    delegations.offer(cast.rose, cast.nan, Role.SCREENER, message="", at=NOW)
    one = Delegation.objects.get()
    delegations.sign(one.pk, by=cast.nan, at=NOW)
    acts = [
        lambda: admissions.let_in(request, by=cast.nan, message="", at=NOW),
        lambda: delegations.end(one.pk, by=cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotAnAuthor])
    assert Admission.objects.exists() == (order == 1)


def test_somebody_who_asks_twice_at_once_is_in_once(cast):
    letter = make_letter(cast.rose, door=AT_ONCE)

    both = at_once(lambda: ask(letter, cast.ines), lambda: ask(letter, cast.ines))

    assert Admission.objects.count() == 1
    assert len(both.raised()) == 1


def test_a_choice_sent_twice_at_once_is_made(cast):
    chosen = {Facet.TWINS: ContentPreference.Choice.ASK}
    act = lambda: content_preferences.choose(cast.nan, chosen)  # noqa: E731

    both = at_once(act, act)

    assert both.raised() == []
    assert content_preferences.choices_of(cast.nan) == chosen
