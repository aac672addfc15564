from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.notices.models import Notice
from beside.people import account_changes
from beside.people.account_changes import Kind
from beside.people.models import Account, Session
from beside.people.sign_in_models import AccountChange
from tests.web.signing_in import code_in, credentials, is_in, long_ago, phone, sign_in

UNDO = "undo_account_change"


@pytest.fixture
def rose(cast) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


@pytest.fixture
def browser(rose) -> Client:
    client = phone()
    sign_in(client, rose)
    return client


def secret_in(message) -> str:
    return re.search(r"/account/undo/#(\S+)", message.body).group(1)


def change_address(client, address="rose@new.example"):
    client.post(reverse("account_email"), {"email": address, "action_add": "1"})
    return client.post(
        reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])}
    )


def change_password(client):
    client.post(reverse("account_set_password"), {"password1": "three quiet words"})


def undo(secret):
    return phone().post(reverse(UNDO), {"secret": secret, "do": "undo"})


@pytest.mark.thorough
def test_a_change_of_address_is_told_to_the_old_one_and_undone_from_there(browser, rose):
    change_address(browser)
    told = mail.outbox[-1]
    assert told.to == ["rose@home.example"]
    assert "go to another address now" in told.body
    assert "Rose" not in told.body
    assert Notice.objects.filter(recipient=rose, kind=Notice.Kind.ADDRESS_CHANGED).exists()

    shown = phone().post(reverse(UNDO), {"secret": secret_in(told)})
    assert "Codes go to rose@home.example again." in shown.content.decode()
    assert Account.objects.get(pk=rose.pk).email == "rose@new.example"
    answer = undo(secret_in(told))

    assert "It’s undone" in answer.content.decode()
    assert Account.objects.get(pk=rose.pk).email == "rose@home.example"
    assert not is_in(browser)
    assert mail.outbox[-1].to == ["rose@new.example"]
    assert "/account/undo/" not in mail.outbox[-1].body
    sign_in(again := phone(), Account.objects.get(pk=rose.pk))
    assert is_in(again)


def test_a_new_password_is_told_and_removed_from_there(browser, rose):
    change_password(browser)
    told = mail.outbox[-1]
    assert told.to == [rose.email]
    assert Notice.objects.filter(recipient=rose, kind=Notice.Kind.PASSWORD_CHANGED).exists()

    undo(secret_in(told))

    rose.refresh_from_db()
    assert not rose.has_usable_password()
    assert not is_in(browser)


def test_a_removed_passkey_is_told_and_comes_back_from_there(browser, rose):
    passkey = Authenticator.objects.create(
        user=rose, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"}
    )
    browser.post(reverse("mfa_remove_webauthn"), {"passkey": passkey.pk})
    assert not Authenticator.objects.exists()
    assert Notice.objects.filter(recipient=rose, kind=Notice.Kind.PASSKEY_REMOVED).exists()

    undo(secret_in(mail.outbox[-1]))

    assert Authenticator.objects.get().data == {"name": "Phone"}


def test_it_was_not_me_signs_a_new_device_out_and_undoes_what_it_did(rose):
    here, there = credentials(rose)
    told = mail.outbox[-1]
    change_password(there)

    undo(secret_in(told))

    rose.refresh_from_db()
    assert not rose.has_usable_password()
    assert not is_in(here)
    assert not is_in(there)
    assert not Session.objects.filter(account=rose).exists()


def test_whoever_has_the_account_cannot_keep_the_old_address_from_hearing(browser, rose):
    change_address(browser, "thief@away.example")
    sent = len(mail.outbox)

    change_password(browser)

    told = {message.to[0]: message for message in mail.outbox[sent:]}
    assert set(told) == {"rose@home.example", "thief@away.example"}
    undo(secret_in(told["rose@home.example"]))
    rose.refresh_from_db()
    assert rose.email == "rose@home.example"
    assert not rose.has_usable_password()


def test_the_page_of_a_link_asks_no_sign_in_and_a_look_changes_nothing(browser, rose):
    change_password(browser)
    secret = secret_in(mail.outbox[-1])

    looked = phone().get(reverse(UNDO))
    shown = phone().post(reverse(UNDO), {"secret": secret})

    assert looked.status_code == shown.status_code == 200
    rose.refresh_from_db()
    assert rose.has_usable_password()


def test_a_wrong_a_used_and_an_old_link_look_the_same(browser, rose):
    change_password(browser)
    secret = secret_in(mail.outbox[-1])
    undo(secret)

    pages = [re.sub(r'value="[^"]+"', "", undo(one).content.decode()) for one in (secret, "x" * 43)]

    assert "Nothing was undone" in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.thorough
def test_from_news_it_is_undone_by_whoever_signed_in_lately(browser, rose):
    change_password(browser)
    change = AccountChange.objects.get(account=rose)
    page = reverse("account_change", args=[change.pk])
    assert page in browser.get(reverse("notices")).content.decode()

    long_ago(browser)
    asked = browser.post(page, {"do": "undo"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": "three quiet words", "next": page})

    rose.refresh_from_db()
    assert not rose.has_usable_password()


def test_nobody_undoes_the_change_of_somebody_else(browser, rose, cast):
    change, _told = account_changes.record(cast.tom, Kind.PASSWORD, at=timezone.now())

    answer = browser.post(reverse("account_change", args=[change.pk]), {"do": "undo"})

    assert answer.status_code == 404
    assert AccountChange.objects.get(pk=change.pk).undone_at is None


def test_at_sign_up_nothing_is_told(browser):
    assert not AccountChange.objects.exists()
    assert [message.subject for message in mail.outbox] == ["Your code"]
