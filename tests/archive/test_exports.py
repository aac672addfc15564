from __future__ import annotations

from datetime import timedelta

import pytest

from beside.archive import exports
from beside.archive.exports import TERM, NoSuchExport
from beside.notices.models import Notice
from beside.people import blocks, delegations, replaying
from beside.people.delegations import HandsOver, NoSuchDelegation, Role
from beside.people.models import Delegation
from tests.archive.stewards import LATER, for_after
from tests.cast import NOW


def may_fetch(export, account, *, at) -> bool:
    try:
        exports.current(export.pk, by=account, at=at)
    except NoSuchExport:
        return False
    return True


def test_ones_own_can_be_fetched_for_a_day_and_by_nobody_else(cast):
    export = exports.request(cast.rose, with_originals=True, at=NOW)

    assert may_fetch(export, cast.rose, at=NOW)
    assert not may_fetch(export, cast.tom, at=NOW)
    assert not may_fetch(export, cast.marit, at=NOW)
    assert not may_fetch(export, cast.rose, at=NOW + TERM)


def test_asking_afresh_ends_the_one_before(cast):
    before = exports.request(cast.rose, with_originals=True, at=NOW)
    after = exports.request(cast.rose, with_originals=False, at=NOW)

    assert not may_fetch(before, cast.rose, at=NOW)
    assert may_fetch(after, cast.rose, at=NOW)


def test_somebody_for_after_takes_it_once_the_term_is_over_and_the_author_is_told(cast):
    one = for_after(cast.rose, cast.nan)
    with pytest.raises(NoSuchDelegation):
        exports.hand_over(one.pk, by=cast.nan, at=LATER - timedelta(seconds=1))

    export = exports.hand_over(one.pk, by=cast.nan, at=LATER)

    assert may_fetch(export, cast.nan, at=LATER)
    assert not may_fetch(export, cast.rose, at=LATER)
    assert not export.with_originals
    assert Notice.objects.filter(recipient=cast.rose, kind=Notice.Kind.ARCHIVE_TAKEN).exists()
    assert exports.handed_over(cast.rose).get() == export


@pytest.mark.parametrize("who", ["rose", "ada", "marit"])
def test_nobody_takes_it_in_their_place(cast, who):
    one = for_after(cast.rose, cast.nan)

    with pytest.raises(NoSuchDelegation):
        exports.hand_over(one.pk, by=cast[who], at=LATER)


def test_what_was_not_agreed_to_is_not_handed_over(cast):
    one = for_after(cast.rose, cast.nan, HandsOver.NOTHING)

    with pytest.raises(NoSuchDelegation):
        exports.hand_over(one.pk, by=cast.nan, at=LATER)


def test_only_somebody_for_after_is_ever_given_anything(cast):
    delegations.offer(
        cast.rose, cast.nan, Role.SCREENER, message="", hands_over=HandsOver.EVERYTHING, at=NOW
    )

    assert Delegation.objects.get().hands_over == HandsOver.NOTHING


def test_a_no_an_end_and_a_block_end_what_was_taken_too(cast):
    ways = {
        cast.nan: lambda one: delegations.stop_asking(one.pk, by=cast.rose),
        cast.ada: lambda one: delegations.end(one.pk, by=cast.rose, at=LATER),
        cast.ines: lambda one: blocks.block(cast.rose, cast.ines, at=LATER),
    }
    for delegate, ends_it in ways.items():
        one = for_after(cast.rose, delegate)
        export = exports.hand_over(one.pk, by=delegate, at=LATER)
        before = may_fetch(export, delegate, at=LATER)

        ends_it(one)

        assert before
        assert not may_fetch(export, delegate, at=LATER)


def test_after_a_restore_somebody_for_after_has_to_ask_anew(cast):
    one = for_after(cast.rose, cast.nan, HandsOver.EVERYTHING)
    export = exports.hand_over(one.pk, by=cast.nan, at=LATER)

    replaying.forget_ways_in(at=LATER)

    assert not may_fetch(export, cast.nan, at=LATER)
    with pytest.raises(NoSuchDelegation):
        exports.hand_over(one.pk, by=cast.nan, at=LATER)
