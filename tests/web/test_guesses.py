from __future__ import annotations

from uuid import uuid4

import pytest
from allauth.account import forms
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from beside.people import guesses, invitations
from beside.people.models import Account, Session
from beside.people.sign_in_models import GuessCounter
from tests.cast import NOW, make_account
from tests.parallel import in_parallel
from tests.web.signing_in import (
    ask_for_code,
    code_in,
    give_code,
    is_in,
    open_invitation,
    other_than,
    phone,
    sign_in,
    sign_up,
)

pytestmark = pytest.mark.thorough

PASSWORD = "three quiet words"


@pytest.fixture
def rose(db) -> Account:
    account = make_account("rose")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


@pytest.fixture
def with_password(rose) -> Account:
    rose.set_password(PASSWORD)
    rose.save()
    return rose


def give_password(client, account, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": account.email, "password": password})


def test_a_sixth_password_within_a_quarter_of_an_hour_is_not_looked_at(rose):
    rose.set_password("three quiet words")
    rose.save()
    url = reverse("account_login")
    for _ in range(5):
        phone().post(url, {"login": rose.email, "password": "something else"})

    client = phone()
    answer = client.post(url, {"login": rose.email, "password": "three quiet words"})

    assert not is_in(client)
    assert "That’s a good many tries." in answer.content.decode()


def test_an_address_can_try_thirty_times_an_hour_whatever_it_says_of_itself(rose):
    url = reverse("account_login")

    statuses = [
        Client(headers={"X-Forwarded-For": f"10.0.0.{n}"})
        .post(url, {"login": f"who{n}@home.example", "password": "something else"})
        .status_code
        for n in range(31)
    ]

    assert statuses[:30] == [200] * 30
    assert statuses[30] == 429


def test_behind_a_proxy_of_the_hosts_the_address_is_the_one_that_it_saw(rose, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    url = reverse("account_login")

    def attempt(n, seen_by_proxy):
        return Client(headers={"X-Forwarded-For": f"10.0.0.{n}, {seen_by_proxy}"}).post(
            url, {"login": f"who{n}@home.example", "password": "something else"}
        )

    for n in range(30):
        attempt(n, "192.0.2.1")

    assert attempt(31, "192.0.2.1").status_code == 429
    assert attempt(32, "192.0.2.2").status_code == 200


def test_the_sixth_code_within_an_hour_says_when_the_next_can_be_sent(rose):
    for _ in range(5):
        ask_for_code(phone(), rose.email)

    answer = ask_for_code(phone(), rose.email)

    assert len(mail.outbox) == 5
    text = answer.content.decode()
    assert "That’s a good many codes for one hour. The next can be sent in 60 minutes." in text


def test_a_good_many_codes_are_as_many_for_an_address_without_an_account(db):
    for _ in range(5):
        ask_for_code(phone(), "who@home.example")

    answer = ask_for_code(phone(), "who@home.example")

    assert "That’s a good many codes for one hour." in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_invitations_cannot_be_tried_without_end(db, method):
    url = reverse("invitation", args=["never-was"])

    statuses = [getattr(phone(), method)(url).status_code for _ in range(31)]

    assert statuses == [200] * 30 + [429]


@pytest.mark.parametrize("name", ["share_link_visit", "deposit", "undo_account_change"])
def test_links_cannot_be_tried_without_end(db, name):
    url = reverse(name)

    statuses = [phone().post(url, {"secret": f"{n:043}"}).status_code for n in range(31)]

    assert statuses == [200] * 30 + [429]


def test_addresses_of_doors_cannot_be_tried_without_end(rose):
    client = phone()
    client.force_login(rose)

    statuses = [
        client.get(reverse("door_by_address", args=[uuid4()])).status_code for _ in range(31)
    ]

    assert statuses == [404] * 30 + [429]


def test_a_right_link_is_not_counted(rose):
    _row, secret = invitations.make(rose, name="Nan", at=NOW)

    statuses = [phone().get(reverse("invitation", args=[secret])).status_code for _ in range(40)]

    assert statuses == [200] * 40


def test_passkeys_cannot_be_tried_without_end(db):
    url = reverse("mfa_login_webauthn")

    statuses = [phone().post(url, {"credential": "{}"}).status_code for _ in range(31)]

    assert statuses == [302] * 30 + [429]


# Strangers don't lock out whoever has been here before


def test_a_known_device_signs_in_while_strangers_have_used_up_their_tries(with_password):
    known = phone()
    sign_in(known, with_password)
    known.post(reverse("account_logout"))
    for _ in range(6):
        give_password(phone(), with_password, "something else")
        ask_for_code(phone(), with_password.email)

    stranger = phone()
    answer = give_password(stranger, with_password)
    give_password(known, with_password)

    assert answer.status_code == 429
    text = answer.content.decode()
    assert "You can try again in 15 minutes." in text
    assert "a passkey works all the same" in text
    assert "Sign in with this" in text
    assert not is_in(stranger)
    assert is_in(known)


def test_a_known_device_is_sent_a_code_while_strangers_have_used_up_theirs(rose):
    known = phone()
    sign_in(known, rose)
    known.post(reverse("account_logout"))
    for _ in range(6):
        ask_for_code(phone(), rose.email)

    sign_in(known, rose)

    assert is_in(known)


def test_a_known_device_has_no_more_tries_than_a_stranger(with_password):
    known = phone()
    sign_in(known, with_password)
    known.post(reverse("account_logout"))
    for _ in range(5):
        give_password(known, with_password, "something else")

    answer = give_password(known, with_password)

    assert answer.status_code == 429
    assert "A passkey works all the same." in answer.content.decode()
    assert not is_in(known)


def test_a_device_that_is_known_to_somebody_else_is_a_stranger(with_password):
    tom = make_account("tom")
    EmailAddress.objects.create(user=tom, email=tom.email, verified=True, primary=True)
    toms = phone()
    sign_in(toms, tom)
    toms.post(reverse("account_logout"))
    for _ in range(5):
        give_password(phone(), with_password, "something else")

    assert give_password(toms, with_password).status_code == 429


def test_where_the_tries_are_used_up_it_looks_the_same_with_and_without_an_account(with_password):
    for address in (with_password.email, "who@home.example"):
        for _ in range(5):
            phone().post(reverse("account_login"), {"login": address, "password": "no"})

    answers = [
        phone().post(reverse("account_login"), {"login": address, "password": "no"})
        for address in (with_password.email, "who@home.example")
    ]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert "You can try again in 15 minutes." in answers[1].content.decode()


def test_a_code_of_the_wrong_length_is_no_guess(rose):
    client = phone()
    ask_for_code(client, rose.email)
    for _ in range(5):
        give_code(client, "1234567")

    give_code(client, code_in(mail.outbox[-1]))

    assert is_in(client)


def test_all_codes_of_an_account_have_fifteen_tries_together(rose):
    for _ in range(5):
        client = phone()
        ask_for_code(client, rose.email)
        for _ in range(3):
            give_code(client, other_than(code_in(mail.outbox[-1])))
    GuessCounter.objects.filter(limit=guesses.CODES_SENT.name).delete()
    client = phone()
    ask_for_code(client, rose.email)

    answer = give_code(client, code_in(mail.outbox[-1]))

    assert answer.status_code == 429
    assert "That’s a good many codes that weren’t right." in answer.content.decode()
    assert not is_in(client)


# Many at the same moment. tests/hostile has two hundred, over HTTP.

MANY = 60


@pytest.fixture
def judged(monkeypatch):
    """How often a secret was compared with what somebody gave."""
    seen: list[str] = []
    compare, check = forms.compare_user_code, AuthenticationBackend._check_password

    def compare_and_say(**both):
        seen.append("code")
        return compare(**both)

    def check_and_say(self, user, password):
        seen.append("password")
        return check(self, user, password)

    monkeypatch.setattr(forms, "compare_user_code", compare_and_say)
    monkeypatch.setattr(AuthenticationBackend, "_check_password", check_and_say)
    return seen


def in_the_session_of(client) -> Client:
    other = phone()
    other.cookies = client.cookies.copy()
    return other


@pytest.mark.django_db(transaction=True)
def test_of_many_codes_in_one_session_three_are_judged(rose, judged):
    client = phone()
    ask_for_code(client, rose.email)
    right = code_in(mail.outbox[-1])

    in_parallel(lambda _n: give_code(in_the_session_of(client), other_than(right)), times=MANY)
    give_code(in_the_session_of(client), right)

    assert len(judged) <= 3
    assert not Session.objects.filter(account=rose).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_codes_for_an_address_in_one_session_three_are_judged(rose, judged):
    _row, secret = invitations.make(rose, name="Nan", at=NOW)
    client = phone()
    open_invitation(client, secret)
    sign_up(client)
    wrong = other_than(code_in(mail.outbox[-1]))
    url = reverse("account_email_verification_sent")

    in_parallel(lambda _n: in_the_session_of(client).post(url, {"code": wrong}), times=MANY)

    assert len(judged) <= 3


@pytest.mark.django_db(transaction=True)
def test_of_many_passwords_from_as_many_browsers_five_are_judged(with_password, judged):
    in_parallel(lambda _n: give_password(phone(), with_password, "something else"), times=MANY)

    assert len(judged) == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_passwords_given_again_in_one_session_five_are_judged(with_password, judged):
    client = phone()
    sign_in(client, with_password)
    judged.clear()
    url = reverse("account_reauthenticate")

    in_parallel(lambda _n: in_the_session_of(client).post(url, {"password": "no"}), times=MANY)

    assert len(judged) == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        "invitation",
        "share_link_visit",
        "deposit",
        "undo_account_change",
        "thank_you_note_by_code",
        "thank_you_note_visit",
    ],
)
def test_of_many_guessed_links_thirty_are_looked_for(name):
    def guess(number):
        secret = f"{number:043}"
        if name in ("invitation", "thank_you_note_by_code"):
            return phone().get(reverse(name, args=[secret])).status_code
        return phone().post(reverse(name), {"secret": secret, "code": secret}).status_code

    answers = in_parallel(guess, times=MANY)

    assert sorted(answers) == [200] * 30 + [429] * (MANY - 30)
