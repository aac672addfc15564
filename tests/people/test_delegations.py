from __future__ import annotations

from datetime import timedelta

import pytest

from beside.notices.models import Notice
from beside.people import blocks, delegations, replaying
from beside.people.delegations import TERM, NoSuchDelegation, Role
from beside.people.models import Delegation, Narrowing
from tests.cast import NOW


def offered(author, delegate, role=Role.SCREENER) -> Delegation:
    delegations.offer(author, delegate, role, message="You know us.", at=NOW)
    return Delegation.objects.get(author=author, delegate=delegate, role=role, ended_at=None)


def signed(author, delegate, role=Role.SCREENER) -> Delegation:
    one = offered(author, delegate, role)
    delegations.sign(one.pk, by=delegate, at=NOW)
    return one


def holds(one: Delegation) -> bool:
    return delegations.in_force().filter(pk=one.pk).exists()


def told(account) -> list[str]:
    return list(Notice.objects.filter(recipient=account).values_list("kind", flat=True))


def test_it_holds_once_both_have_signed(cast):
    one = offered(cast.rose, cast.nan)
    before = holds(one)

    delegations.sign(one.pk, by=cast.nan, at=NOW)

    assert not before
    assert holds(one)
    assert told(cast.rose) == [Notice.Kind.DELEGATION_SIGNED]
    assert told(cast.nan) == []


@pytest.mark.parametrize("who", ["rose", "ada"])
def test_nobody_signs_for_another(cast, who):
    one = offered(cast.rose, cast.nan)

    with pytest.raises(NoSuchDelegation):
        delegations.sign(one.pk, by=cast[who], at=NOW)

    assert not holds(one)


@pytest.mark.parametrize("who", ["rose", "nan"])
def test_either_ends_it_at_once_and_the_other_is_told(cast, who):
    one = signed(cast.rose, cast.nan)

    delegations.end(one.pk, by=cast[who], at=NOW)

    assert not holds(one)
    other = cast.nan if who == "rose" else cast.rose
    assert told(other) == [Notice.Kind.DELEGATION_ENDED]
    assert Delegation.objects.get(pk=one.pk).message == ""
    with pytest.raises(NoSuchDelegation):
        delegations.sign(one.pk, by=cast.nan, at=NOW)


def test_a_question_taken_back_leaves_no_line(cast):
    one = offered(cast.rose, cast.nan)

    delegations.end(one.pk, by=cast.rose, at=NOW)

    assert told(cast.nan) == []


def test_nobody_else_ends_it(cast):
    one = signed(cast.rose, cast.nan)

    with pytest.raises(NoSuchDelegation):
        delegations.end(one.pk, by=cast.ada, at=NOW)

    assert holds(one)


@pytest.mark.parametrize("blocker", ["rose", "nan"])
def test_a_block_ends_it_for_good(cast, blocker):
    one = signed(cast.rose, cast.nan)
    other = cast.nan if blocker == "rose" else cast.rose

    blocks.block(cast[blocker], other, at=NOW)
    during = holds(one)
    blocks.unblock(cast[blocker], other.pk)

    assert not during
    assert not holds(one)


def test_across_a_block_nobody_is_asked(cast):
    delegations.offer(cast.tom, cast.max, Role.TELLER, message="", at=NOW)

    assert not Delegation.objects.exists()


def test_asking_twice_asks_once(cast):
    offered(cast.rose, cast.nan)

    offered(cast.rose, cast.nan)

    assert told(cast.nan) == [Notice.Kind.DELEGATION_OFFERED]


def test_a_restore_ends_again_what_was_ended_since(cast):
    one = signed(cast.rose, cast.nan)
    delegations.end(one.pk, by=cast.nan, at=NOW)
    ended = Narrowing.objects.get()
    Delegation.objects.filter(pk=one.pk).update(ended_at=None)

    replaying.replay(ended.kind, ended.subject, at=ended.at)

    assert not holds(one)


def test_somebody_for_after_waits_sixty_days(cast):
    one = signed(cast.rose, cast.nan, Role.STEWARD)

    began = delegations.ask_to_act(one.pk, by=cast.nan, at=NOW)

    assert began
    assert Notice.Kind.STEWARD_REQUESTED in told(cast.rose)
    assert list(delegations.asks_to_act(cast.rose)) == [one]
    assert not delegations.acting(cast.nan, at=NOW + TERM - timedelta(seconds=1)).exists()
    assert delegations.acting(cast.nan, at=NOW + timedelta(days=60)).exists()


def test_asking_again_does_not_begin_the_wait_anew(cast):
    one = signed(cast.rose, cast.nan, Role.STEWARD)
    delegations.ask_to_act(one.pk, by=cast.nan, at=NOW)

    assert not delegations.ask_to_act(one.pk, by=cast.nan, at=NOW + timedelta(days=9))

    assert Delegation.objects.get(pk=one.pk).acts_from == NOW + TERM


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(days=90)])
def test_a_no_ends_the_wait_also_when_it_is_over(cast, later):
    one = signed(cast.rose, cast.nan, Role.STEWARD)
    delegations.ask_to_act(one.pk, by=cast.nan, at=NOW)

    delegations.stop_asking(one.pk, by=cast.rose)

    assert not delegations.acting(cast.nan, at=NOW + later).exists()
    assert Notice.Kind.STEWARD_REQUESTED not in told(cast.rose)
    assert told(cast.nan) == []
    assert holds(one)


@pytest.mark.parametrize("role", [Role.SCREENER, Role.TELLER])
def test_whoever_does_something_else_cannot_ask_to_act(cast, role):
    one = signed(cast.rose, cast.nan, role)

    with pytest.raises(NoSuchDelegation):
        delegations.ask_to_act(one.pk, by=cast.nan, at=NOW)
