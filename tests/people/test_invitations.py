from __future__ import annotations

import re
from datetime import timedelta

import pytest

from beside.people import accounts, invitations
from beside.people.models import Account, Invitation, Narrowing
from tests.cast import NOW

LATER = NOW + timedelta(days=31)


@pytest.fixture
def only_the_host_invites(settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"anyone_invites": False})


def test_the_secret_is_given_once_and_only_its_digest_is_kept(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    row = Invitation.objects.get(pk=invitation.pk)
    assert len(secret) >= 43
    assert len(bytes(row.secret_digest)) == 32
    assert secret.encode() not in bytes(row.secret_digest)
    assert secret not in repr(row) + str(row)
    assert invitations.find_open(secret, at=NOW).pk == invitation.pk


def test_finding_one_uses_nothing_up(cast):
    _invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    invitations.find_open(secret, at=NOW)

    assert invitations.find_open(secret, at=NOW).used_at is None


def test_it_makes_one_account(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    account = accounts.make_account("n@home.example", name="N", at=NOW, invitation=invitation)

    assert account.came_by_invitation == invitation
    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=NOW)


def test_whoever_comes_second_with_the_same_one_makes_nothing(cast):
    invitation, _secret = invitations.make(cast.rose, name="Nan", at=NOW)
    accounts.make_account("n@home.example", name="N", at=NOW, invitation=invitation)

    with pytest.raises(invitations.InvitationNotOpen):
        accounts.make_account("m@home.example", name="M", at=NOW, invitation=invitation)

    assert not Account.objects.filter(email="m@home.example").exists()


def test_it_grows_old_after_thirty_days(cast):
    _invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    assert invitations.find_open(secret, at=NOW + timedelta(days=29, hours=23))
    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=LATER)


def test_whoever_made_it_can_stop_it(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    invitations.revoke(invitation.pk, by=cast.rose, at=NOW)

    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=NOW)
    narrowing = Narrowing.objects.get(kind=Narrowing.Kind.INVITATION_REVOKED)
    assert narrowing.subject == {"invitation": str(invitation.pk)}


def test_nobody_else_can_stop_it(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    invitations.revoke(invitation.pk, by=cast.tom, at=NOW)

    assert invitations.find_open(secret, at=NOW)
    assert not Narrowing.objects.exists()


def test_it_ends_with_the_account_of_whoever_made_it(cast):
    _invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    Account.objects.filter(pk=cast.rose.pk).update(is_active=False)

    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=NOW)


@pytest.mark.usefixtures("only_the_host_invites")
def test_where_only_the_host_invites_others_may_not(cast):
    with pytest.raises(invitations.MayNotInvite):
        invitations.make(cast.rose, name="Nan", at=NOW)

    assert invitations.make(cast.marit, name="Nan", at=NOW)


def test_open_ones_are_listed_newest_first_for_their_maker_alone(cast):
    first, _ = invitations.make(cast.rose, name="Nan", at=NOW - timedelta(hours=1))
    second, _ = invitations.make(cast.rose, name="Ines", at=NOW)
    used, _ = invitations.make(cast.rose, name="Ada", at=NOW)
    accounts.make_account("a@home.example", name="A", at=NOW, invitation=used)

    assert invitations.open_of(cast.rose, at=NOW) == [second, first]
    assert invitations.open_of(cast.tom, at=NOW) == []


def test_a_second_first_link_stops_the_one_before(db):
    before = invitations.make_first_host_link(at=NOW)
    now = invitations.make_first_host_link(at=NOW)

    assert invitations.find_open(now, at=NOW)
    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(before, at=NOW)


def test_where_there_is_a_host_no_link_makes_another(cast):
    with pytest.raises(invitations.HasHost):
        invitations.make_first_host_link(at=NOW)


def test_an_ordinary_invitation_never_makes_a_host(cast):
    invitation, _secret = invitations.make(cast.marit, name="Nan", at=NOW)

    account = accounts.make_account("n@home.example", name="N", at=NOW, invitation=invitation)

    assert not account.is_host


def test_an_account_that_nobody_entered_can_be_given_up_and_its_invitation_used_again(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    account = accounts.make_account("slip@home.example", name="N", at=NOW, invitation=invitation)

    accounts.discard(account)

    assert not Account.objects.filter(email="slip@home.example").exists()
    assert invitations.find_open(secret, at=NOW)


def test_an_account_that_somebody_entered_is_not_given_up(cast):
    invitation, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    account = accounts.make_account("n@home.example", name="N", at=NOW, invitation=invitation)
    account.last_login = NOW
    account.save()

    accounts.discard(account)

    assert Account.objects.filter(pk=account.pk).exists()
    with pytest.raises(invitations.InvitationNotOpen):
        invitations.find_open(secret, at=NOW)


def test_an_account_needs_a_name(db):
    with pytest.raises(accounts.NoName):
        accounts.make_account("n@home.example", name="  ", at=NOW)

    assert not Account.objects.exists()


def test_a_person_changes_what_others_read_of_them(cast):
    accounts.describe(cast.rose, name="  Rose  and Tom ", words=" We live by the lock. ")

    cast.rose.profile.refresh_from_db()
    assert cast.rose.profile.name == "Rose and Tom"
    assert cast.rose.profile.words == "We live by the lock."


def test_an_account_made_without_a_password_opens_to_none(db):
    account = accounts.make_account("n@home.example", name="N", at=NOW)

    assert not account.has_usable_password()


def test_a_cards_secret_can_be_typed_however_it_is_read(cast):
    made = invitations.make_cards(cast.marit, count=4, at=NOW)

    assert len({secret for _one, secret in made}) == 4
    for invitation, secret in made:
        assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}", secret)
        for typed in (secret, secret.upper(), secret.replace("-", ""), secret.replace("0", "O")):
            assert invitations.find_open(typed, at=NOW) == invitation
        assert invitations.find_open(secret.replace("1", "l"), at=NOW) == invitation
        assert invitation.expires_at >= NOW + timedelta(days=179)


def test_only_a_host_prints_cards(cast):
    with pytest.raises(invitations.MayNotInvite):
        invitations.make_cards(cast.rose, count=4, at=NOW)
