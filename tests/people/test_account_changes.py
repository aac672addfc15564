from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY

from beside.notices.models import Notice
from beside.people import account_changes, devices
from beside.people.account_changes import UNDO_WITHIN, AddressTaken, Kind, NothingToUndo
from beside.people.models import Account, Session
from beside.people.sessions import SessionStore
from beside.people.sign_in_models import AccountChange, UndoLink
from tests.cast import NOW, make_account

HOUR = timedelta(hours=1)


@pytest.fixture
def rose(cast) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


def move(account, address, *, at=NOW):
    old = account.email
    account.email = address
    account.save()
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    return account_changes.record(account, Kind.ADDRESS, at=at, old_address=old)


def add_passkey(account, *, at=NOW):
    passkey = Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"}
    )
    return account_changes.record(account, Kind.PASSKEY_ADDED, at=at, passkey=passkey.pk)


def secret_for(told, address) -> str:
    return next(one.secret for one in told if one.address == address)


def sign_in(account) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session.save()
    return session.session_key


def test_undoing_a_change_undoes_what_came_after_it_on_a_machine_whose_clock_is_behind(rose):
    """Half a minute ahead on one, and then ten seconds behind on the other."""
    _change, told = move(rose, "thief@away.example", at=NOW + timedelta(seconds=30))
    _passkey, later = add_passkey(rose, at=NOW - timedelta(seconds=10))
    assert secret_for(later, "rose@home.example")

    for one in (told, later):
        change = account_changes.find(secret_for(one, "rose@home.example"), at=NOW)
        kinds = [kind.kind for kind in account_changes.undone_with(change)]
        assert kinds == [Kind.PASSKEY_ADDED, Kind.ADDRESS]
    account_changes.undo(change, at=NOW)

    rose.refresh_from_db()
    assert rose.email == "rose@home.example"
    assert not Authenticator.objects.filter(user=rose).exists()


def test_changes_at_one_moment_are_undone_from_the_one_that_is_meant(rose):
    first, _told = add_passkey(rose)
    second, _told = add_passkey(rose)

    assert account_changes.undone_with(second) == [second]
    assert account_changes.undone_with(first) == [second, first]


def test_the_old_address_is_told_and_can_undo_a_change_of_address(rose):
    change, told = move(rose, "other@away.example")
    key, token = sign_in(rose), devices.new_token()
    devices.remember(rose, token, at=NOW)
    assert [one.address for one in told] == ["rose@home.example"]

    replaced = account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW + HOUR)

    rose.refresh_from_db()
    assert replaced == "other@away.example"
    assert rose.email == "rose@home.example"
    rows = EmailAddress.objects.filter(user=rose)
    assert list(rows.values_list("email", "verified", "primary")) == [(rose.email, True, True)]
    assert not Session.objects.filter(pk=key).exists()
    assert not devices.is_known(rose, token, at=NOW)
    assert not Notice.objects.filter(about=change.pk).exists()


def test_a_link_undoes_once_and_for_fourteen_days(rose):
    _change, told = move(rose, "other@away.example")
    secret = told[0].secret

    with pytest.raises(NothingToUndo):
        account_changes.find(secret, at=NOW + UNDO_WITHIN)
    found = account_changes.find(secret, at=NOW + UNDO_WITHIN - HOUR)
    account_changes.undo(found, at=NOW)

    with pytest.raises(NothingToUndo):
        account_changes.find(secret, at=NOW)
    with pytest.raises(NothingToUndo):
        account_changes.undo(found, at=NOW)


def test_a_new_password_is_removed(rose):
    rose.set_password("three quiet words")
    rose.save()
    _change, told = account_changes.record(rose, Kind.PASSWORD, at=NOW)

    account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW)

    rose.refresh_from_db()
    assert not rose.has_usable_password()


def test_a_new_passkey_is_removed_and_a_removed_one_comes_back(rose):
    _change, told = add_passkey(rose)
    account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW)
    assert not Authenticator.objects.exists()

    passkey = Authenticator.objects.create(
        user=rose, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"}
    )
    _change, told = account_changes.record(
        rose, Kind.PASSKEY_REMOVED, at=NOW + HOUR, removed=passkey
    )
    passkey.delete()
    account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW + HOUR)

    assert Authenticator.objects.get().data == {"name": "Phone"}


def test_whoever_took_the_account_cannot_keep_it_by_changing_more(rose):
    _change, first = move(rose, "thief@away.example")
    move(rose, "thief2@away.example", at=NOW + HOUR)
    _change, after = add_passkey(rose, at=NOW + 2 * HOUR)
    rose.set_password("three quiet words")
    rose.save()
    account_changes.record(rose, Kind.PASSWORD, at=NOW + 3 * HOUR)
    # The first address hears of everything that comes later, by a link that leads back to before it all.
    secret = secret_for(after, "rose@home.example")
    assert secret != first[0].secret

    account_changes.undo(account_changes.find(secret, at=NOW), at=NOW + 4 * HOUR)

    rose.refresh_from_db()
    assert rose.email == "rose@home.example"
    assert not rose.has_usable_password()
    assert not Authenticator.objects.filter(user=rose).exists()
    assert not AccountChange.objects.filter(undone_at=None).exists()


def test_the_links_of_whoever_took_it_are_dead_once_the_first_change_is_undone(rose):
    _change, first = move(rose, "thief@away.example")
    _change, second = move(rose, "thief2@away.example", at=NOW + HOUR)

    account_changes.undo(account_changes.find(first[0].secret, at=NOW), at=NOW + 2 * HOUR)

    with pytest.raises(NothingToUndo):
        account_changes.find(secret_for(second, "thief@away.example"), at=NOW + 2 * HOUR)


def test_an_address_in_between_that_went_to_another_account_stops_nothing(rose):
    _change, first = move(rose, "thief@away.example")
    move(rose, "thief2@away.example", at=NOW + HOUR)
    other = make_account("thief")
    Account.objects.filter(pk=other.pk).update(email="thief@away.example")

    account_changes.undo(account_changes.find(first[0].secret, at=NOW), at=NOW + 2 * HOUR)

    rose.refresh_from_db()
    assert rose.email == "rose@home.example"


def test_an_old_address_that_is_another_accounts_now_is_not_taken_from_it(rose):
    _change, told = move(rose, "other@away.example")
    other = make_account("somebody")
    Account.objects.filter(pk=other.pk).update(email="rose@home.example")

    with pytest.raises(AddressTaken):
        account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW)

    rose.refresh_from_db()
    assert rose.email == "other@away.example"


def test_a_passkey_that_was_removed_after_a_theft_does_not_come_back_with_another_undoing(rose):
    _change, told = account_changes.record(rose, Kind.SIGNED_IN, at=NOW)
    stolen = Authenticator.objects.create(
        user=rose, type=Authenticator.Type.WEBAUTHN, data={"name": "Stolen"}
    )
    account_changes.record(rose, Kind.PASSKEY_REMOVED, at=NOW + HOUR, removed=stolen)
    stolen.delete()

    account_changes.undo(account_changes.find(told[0].secret, at=NOW), at=NOW + 2 * HOUR)

    assert not Authenticator.objects.exists()


def test_only_a_digest_of_the_secret_is_kept_and_all_of_it_for_fourteen_days(rose):
    _change, told = move(rose, "other@away.example")
    assert told[0].secret.encode() not in bytes(UndoLink.objects.get().secret_digest)

    account_changes.purge(at=NOW + UNDO_WITHIN)

    assert not AccountChange.objects.exists()
    assert not UndoLink.objects.exists()


def test_nobody_finds_the_changes_of_somebody_else(rose, cast):
    change, _told = move(rose, "other@away.example")

    with pytest.raises(NothingToUndo):
        account_changes.own(cast.tom, change.pk, at=NOW)
