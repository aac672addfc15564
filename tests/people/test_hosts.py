from __future__ import annotations

from datetime import timedelta

import pytest

from beside.people import account_changes, accounts, hosts, invitations, sessions
from beside.people.models import Account, HostAct, Narrowing, Session
from beside.people.replaying import replay
from beside.people.suspensions import AddressSuspended, suspend_address
from tests.cast import NOW, make_account


@pytest.fixture
def marit(cast) -> Account:
    return cast.marit


def begun(address: str = "h@home.example") -> Account:
    """Somebody who has filled in the sign-up with the first host's link, and not entered the code."""
    invitation = invitations.find_open(invitations.make_first_host_link(at=NOW), at=NOW)
    return accounts.make_account(address, name="H", at=NOW, invitation=invitation)


def opened_by(account: Account) -> str:
    return str(account.came_by_invitation.pk)


def signed_in(account: Account) -> None:
    store = sessions.SessionStore()
    store["_auth_user_id"] = str(account.pk)
    store.create()


def test_an_account_is_the_hosts_once_its_address_is_confirmed(db):
    account = begun()
    assert not account.is_host

    hosts.confirm(account, opened=opened_by(account), at=NOW)

    assert Account.objects.get().is_host


@pytest.mark.parametrize("opened", [None, "6fa1b2b2-0000-4000-8000-000000000000"])
def test_a_browser_that_has_not_opened_the_link_confirms_no_host(db, opened):
    account = begun()

    hosts.confirm(account, opened=opened, at=NOW)

    assert not Account.objects.get().is_host


def test_where_there_is_a_host_nobody_else_becomes_one(db):
    account = begun()
    make_account("first", is_host=True)

    hosts.confirm(account, opened=opened_by(account), at=NOW)

    assert list(hosts.everybody().values_list("email", flat=True)) == ["first@home.example"]


def test_a_new_link_gives_up_what_was_begun_with_the_one_before(db):
    account = begun()

    again = begun(account.email)

    assert list(Account.objects.all()) == [again]


def test_a_host_whose_account_is_closed_does_not_count(marit):
    Account.objects.filter(pk=marit.pk).update(is_active=False)

    assert invitations.make_first_host_link(at=NOW)


def test_a_host_is_replaced_and_keeps_their_account(marit, cast):
    hosts.replace(marit, cast.nan, at=NOW)

    assert list(hosts.everybody()) == [cast.nan]
    assert Account.objects.get(pk=marit.pk).is_active
    act = hosts.acts().get()
    assert (act.kind, act.account, act.other) == (HostAct.Kind.REPLACED, marit.pk, cast.nan.pk)


def test_nobody_becomes_the_host_who_has_never_signed_in(marit, cast):
    with pytest.raises(hosts.NoSuchPerson):
        hosts.who_could_be(cast.nan.email)


def test_a_host_is_signed_out_everywhere(marit):
    signed_in(marit)

    hosts.sign_out(marit, at=NOW)

    assert not Session.objects.filter(account=marit).exists()
    assert hosts.acts().get().kind == HostAct.Kind.SIGNED_OUT


def test_a_disabled_host_is_none_and_their_place_is_closed(marit):
    signed_in(marit)

    hosts.disable(marit, because="The key was stolen.", at=NOW)

    marit.refresh_from_db()
    assert (marit.is_host, marit.suspended_because) == (False, "The key was stolen.")
    assert not Session.objects.filter(account=marit).exists()
    assert hosts.acts().get().kind == HostAct.Kind.DISABLED


@pytest.mark.parametrize("act", ["replace", "disable"])
def test_a_restore_from_before_makes_nobody_the_host_again(marit, cast, act):
    if act == "replace":
        hosts.replace(marit, cast.nan, at=NOW)
    else:
        hosts.disable(marit, because="", at=NOW)
    Account.objects.filter(pk=marit.pk).update(is_host=True, suspended_at=None)

    for one in Narrowing.objects.order_by("at", "pk"):
        replay(one.kind, one.subject, at=NOW + timedelta(days=1))

    marit.refresh_from_db()
    assert not marit.is_host
    assert (marit.suspended_at is not None) is (act == "disable")


def test_a_host_gets_another_address_and_the_old_one_can_undo_it(marit):
    old = marit.email
    signed_in(marit)

    _change, told = hosts.change_address(marit, "New@home.example", is_lost=False, at=NOW)

    assert Account.objects.get(pk=marit.pk).email == "new@home.example"
    assert [one.address for one in told] == [old]
    assert account_changes.find(told[0].secret, at=NOW)
    assert not Session.objects.filter(account=marit).exists()
    assert hosts.acts().get().kind == HostAct.Kind.ADDRESS_CHANGED


def test_a_lost_address_undoes_nothing_not_even_what_it_was_told_before(marit):
    kind = account_changes.Kind.PASSWORD
    _before, earlier = account_changes.record(marit, kind, at=NOW)

    _change, told = hosts.change_address(marit, "new@home.example", is_lost=True, at=NOW)

    assert told == []
    with pytest.raises(account_changes.NothingToUndo):
        account_changes.find(earlier[0].secret, at=NOW)


def test_an_address_of_somebody_else_stays_theirs(marit, cast):
    with pytest.raises(hosts.AddressInUse):
        hosts.change_address(marit, cast.nan.email.upper(), is_lost=False, at=NOW)


def test_a_closed_address_is_no_hosts(marit):
    suspend_address("new@home.example", because="", at=NOW)

    with pytest.raises(AddressSuspended):
        hosts.change_address(marit, "new@home.example", is_lost=False, at=NOW)


def test_only_hosts_are_looked_after(cast):
    with pytest.raises(hosts.NotAHost):
        hosts.with_address(cast.nan.email)
