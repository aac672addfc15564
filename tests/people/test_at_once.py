from __future__ import annotations

import pytest

from beside.people import accounts, blocks, circles, follows, invitations
from beside.people.circles import NameTaken
from beside.people.invitations import InvitationNotOpen
from beside.people.models import Account, Block, Circle, Follow, Invitation, Membership
from tests.at_once import at_once
from tests.cast import NOW, make_circle

pytestmark = pytest.mark.django_db(transaction=True)

either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])


@pytest.fixture
def invitation(cast) -> Invitation:
    return invitations.make(cast.rose, name="Ana", at=NOW)[0]


def come_in(invitation, email):
    return lambda: accounts.make_account(email, name="Ana", at=NOW, invitation=invitation)


def test_an_invitation_used_twice_at_once_lets_one_person_in(invitation):
    both = at_once(come_in(invitation, "ana@home.example"), come_in(invitation, "bea@home.example"))

    invitation.refresh_from_db()
    assert both.raised() == [InvitationNotOpen]
    assert invitation.used_by.email == "ana@home.example"
    assert not Account.objects.filter(email="bea@home.example").exists()


@either_first
def test_an_invitation_stopped_while_it_is_used_lets_in_only_who_was_first(cast, invitation, order):
    acts = [
        come_in(invitation, "ana@home.example"),
        lambda: invitations.revoke(invitation.pk, by=cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [InvitationNotOpen])
    assert Account.objects.filter(email="ana@home.example").exists() == (order == 1)


def test_two_circles_of_one_name_made_at_once_are_one(cast):
    both = at_once(
        lambda: circles.make(cast.rose, name="Family"),
        lambda: circles.make(cast.rose, name="family"),
    )

    assert both.raised() == [NameTaken]
    assert Circle.objects.get().name == "Family"


def test_two_circles_renamed_alike_at_once_stay_two(cast):
    one, other = make_circle(cast.rose, "Home"), make_circle(cast.rose, "Ward")

    both = at_once(
        lambda: circles.rename(one, name="Family"), lambda: circles.rename(other, name="Family")
    )

    assert both.raised() == [NameTaken]
    assert set(Circle.objects.values_list("name", flat=True)) == {"Family", "Ward"}


@either_first
def test_whoever_is_blocked_while_they_are_added_is_in_no_circle(cast, order):
    circle = make_circle(cast.rose)
    acts = [
        lambda: circles.add(circle, cast.nan, at=NOW),
        lambda: blocks.block(cast.nan, cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not Membership.objects.exists()


@either_first
def test_whoever_is_blocked_while_they_ask_to_follow_asks_nothing(cast, order):
    acts = [
        lambda: follows.ask(cast.nan, cast.rose, at=NOW),
        lambda: blocks.block(cast.rose, cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not Follow.objects.exists()


@either_first
def test_whoever_is_blocked_while_they_are_accepted_follows_nobody(cast, order):
    circle = make_circle(cast.rose)
    follows.ask(cast.nan, cast.rose, at=NOW)
    acts = [
        lambda: follows.accept(cast.rose, cast.nan.pk, at=NOW, into=circle),
        lambda: blocks.block(cast.rose, cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not Follow.objects.exists()
    assert not Membership.objects.exists()


def test_two_who_block_each_other_at_once_both_have(cast):
    both = at_once(
        lambda: blocks.block(cast.rose, cast.nan, at=NOW),
        lambda: blocks.block(cast.nan, cast.rose, at=NOW),
    )

    assert both.raised() == []
    assert Block.objects.filter(blocker__in=[cast.rose, cast.nan]).count() == 2
