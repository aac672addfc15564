from __future__ import annotations

import pytest
from django.utils import timezone

from beside.access.policy import NothingToSee, Viewer, see
from beside.access.profiles import people_known_to
from beside.people import accounts, delegations, invitations, replaying, suspensions
from beside.people.models import Account, AddressSuspension, Narrowing
from beside.people.suspensions import AddressSuspended, HostCannotBeSuspended
from beside.posts.models import Audience
from tests.cast import NOW, make_post

Kind = Narrowing.Kind


def suspend(account):
    suspensions.suspend(account.pk, because=" You have hurt somebody. ", at=NOW)


def again(kind):
    for entry in Narrowing.objects.filter(kind=kind):
        replaying.replay(entry.kind, entry.subject, at=entry.at)


def test_nothing_of_theirs_is_shown_to_others_and_nothing_of_others_to_them(cast):
    theirs = make_post(cast.rose, words_for=Audience.ANYONE)
    together = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    others = make_post(cast.tom, words_for=Audience.ANYONE)

    suspend(cast.rose)

    at = timezone.now()
    for post in (theirs, together):
        with pytest.raises(NothingToSee):
            see(Viewer(cast.nan.pk), post.pk, at=at)
        assert see(Viewer(cast.rose.pk), post.pk, at=at)
    assert see(Viewer(cast.tom.pk), together.pk, at=at)
    with pytest.raises(NothingToSee):
        see(Viewer(cast.rose.pk), others.pk, at=at)
    assert cast.rose not in people_known_to(cast.nan.pk)
    assert set(people_known_to(cast.rose.pk)) == {cast.rose}


def test_lifting_it_brings_everything_back_as_it_was(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    suspend(cast.rose)

    suspensions.lift(cast.rose.pk)

    assert see(Viewer(cast.nan.pk), post.pk, at=timezone.now())
    assert not Narrowing.objects.filter(kind=Kind.ACCOUNT_SUSPENDED).exists()
    cast.rose.refresh_from_db()
    assert (cast.rose.suspended_at, cast.rose.suspended_because) == (None, "")


def test_suspending_twice_keeps_the_first_sentence(cast):
    suspend(cast.rose)
    suspensions.suspend(cast.rose.pk, because="Another.", at=timezone.now())

    cast.rose.refresh_from_db()
    assert (cast.rose.suspended_at, cast.rose.suspended_because) == (NOW, "You have hurt somebody.")
    assert Narrowing.objects.filter(kind=Kind.ACCOUNT_SUSPENDED).count() == 1


def test_a_host_cannot_be_suspended(cast):
    with pytest.raises(HostCannotBeSuspended):
        suspend(cast.marit)


def test_a_restore_suspends_again_and_lifts_nothing(cast):
    suspend(cast.rose)
    suspensions.suspend_address("Eve@home.example", because="", at=NOW)
    Account.objects.update(suspended_at=None, suspended_because="")
    AddressSuspension.objects.all().delete()

    again(Kind.ACCOUNT_SUSPENDED)
    again(Kind.ADDRESS_SUSPENDED)

    cast.rose.refresh_from_db()
    assert cast.rose.suspended_at == NOW
    assert AddressSuspension.objects.get().address == "eve@home.example"


def test_their_invitations_open_nothing_meanwhile(cast):
    invitation, secret = invitations.make(cast.rose, name="Eve", at=NOW)
    suspend(cast.rose)

    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=NOW)
    suspensions.lift(cast.rose.pk)
    assert invitations.find_open(secret, at=NOW) == invitation


def test_what_they_do_for_others_rests(cast):
    delegations.offer(cast.tom, cast.nan, delegations.Role.SCREENER, message="", at=NOW)
    delegations.sign(delegations.done_by(cast.nan).get().pk, by=cast.nan, at=NOW)
    suspend(cast.nan)

    assert not delegations.in_force().exists()
    suspensions.lift(cast.nan.pk)
    assert delegations.in_force().exists()


def test_a_suspended_address_is_neither_invited_nor_joins(cast):
    suspensions.suspend_address("Eve@Home.example", because="", at=NOW)

    with pytest.raises(AddressSuspended):
        invitations.make(cast.rose, name="Eve", email="eve@home.EXAMPLE", at=NOW)
    with pytest.raises(AddressSuspended):
        accounts.make_account("EVE@home.example", name="Eve", at=NOW)
    suspensions.lift_address("EVE@home.example")
    assert accounts.make_account("eve@home.example", name="Eve", at=NOW)
    assert not Narrowing.objects.filter(kind=Kind.ADDRESS_SUSPENDED).exists()
