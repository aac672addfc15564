from __future__ import annotations

from datetime import timedelta

from beside.people import devices
from beside.people.sign_in_models import KnownDevice
from tests.cast import NOW


def test_a_browser_is_known_to_the_account_that_signed_in_there_and_to_no_other(cast):
    token = devices.new_token()

    devices.remember(cast.rose, token, at=NOW)

    assert devices.is_known(cast.rose, token, at=NOW)
    assert not devices.is_known(cast.tom, token, at=NOW)
    assert not devices.is_known(cast.rose, devices.new_token(), at=NOW)
    assert not devices.is_known(cast.rose, "", at=NOW)


def test_it_is_forgotten_after_a_year_without_a_sign_in(cast):
    token = devices.new_token()
    devices.remember(cast.rose, token, at=NOW)
    devices.remember(cast.rose, token, at=NOW + timedelta(days=300))

    assert devices.is_known(cast.rose, token, at=NOW + timedelta(days=600))
    assert not devices.is_known(cast.rose, token, at=NOW + timedelta(days=665))


def test_an_address_without_an_account_knows_no_browser(cast):
    token = devices.new_token()
    devices.remember(cast.rose, token, at=NOW)

    assert devices.known_for(cast.rose.email.upper(), token, at=NOW) == token
    assert devices.known_for("who@home.example", token, at=NOW) == ""
    assert devices.known_for(cast.rose.email, "", at=NOW) == ""


def test_the_table_has_neither_the_token_nor_what_would_join_two_accounts(cast):
    token = devices.new_token()
    devices.remember(cast.rose, token, at=NOW)
    devices.remember(cast.tom, token, at=NOW)

    first, second = KnownDevice.objects.all()
    assert bytes(first.digest) != bytes(second.digest)
    assert token.encode() not in bytes(first.digest)
