from __future__ import annotations

from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse

from beside.people.models import Account, Delegation
from beside.posts.models import Destruction
from tests.cast import make_circle, make_post
from tests.parallel import in_parallel
from tests.web.signing_in import code_in, is_in, long_ago, other_than, phone, sign_in

BY_CODE = "reauthenticate_by_code"


@pytest.fixture
def rose(cast) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


@pytest.fixture
def browser(rose):
    client = phone()
    sign_in(client, rose)
    long_ago(client)
    return client


def send(client, *, onwards):
    return client.post(reverse(BY_CODE), {"action": "send", "next": onwards})


def enter(client, code, *, onwards):
    return client.post(reverse(BY_CODE), {"action": "verify", "code": code, "next": onwards})


def confirm(client, *, onwards):
    send(client, onwards=onwards)
    return enter(client, code_in(mail.outbox[-1]), onwards=onwards)


@pytest.mark.parametrize(
    "name", ["account_set_password", "account_email", "mfa_add_webauthn", "archive"]
)
def test_without_a_password_or_a_passkey_a_code_in_place_is_enough(browser, rose, name):
    page = reverse(name)

    asked = browser.get(page)
    assert asked["Location"] == f"{reverse(BY_CODE)}?{urlencode({'next': page})}"
    done = confirm(browser, onwards=page)

    assert done["Location"] == page
    assert browser.get(page).status_code == 200
    assert is_in(browser)


@pytest.mark.thorough
def test_what_was_asked_for_is_done_once_somebody_has_confirmed(browser, rose):
    page = reverse("account_set_password")

    browser.post(page, {"password1": "three quiet words"})
    assert not Account.objects.get(pk=rose.pk).has_usable_password()
    confirm(browser, onwards=page)

    assert Account.objects.get(pk=rose.pk).check_password("three quiet words")


def test_a_password_is_asked_for_where_there_is_one_and_a_code_is_offered(browser, rose):
    rose.set_password("three quiet words")
    rose.save()
    client = phone()
    sign_in(client, rose)
    long_ago(client)

    answer = client.get(reverse("account_change_password"), follow=True)
    assert "Your password" in answer.content.decode()
    assert reverse(BY_CODE) in answer.content.decode()
    client.post(reverse("account_reauthenticate"), {"password": "three quiet words"})

    assert client.get(reverse("account_change_password")).status_code == 200


def test_a_passkey_is_asked_for_first(browser, rose, settings):
    rose.set_password("three quiet words")
    rose.save()
    Authenticator.objects.create(user=rose, type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    client = phone()
    sign_in(client, rose)
    long_ago(client)

    answer = client.get(reverse("account_email"))

    assert answer["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))


def test_of_a_code_in_place_three_tries_are_judged(browser, rose):
    page = reverse("archive")
    send(browser, onwards=page)
    right = code_in(mail.outbox[-1])

    for _ in range(3):
        assert enter(browser, other_than(right), onwards=page).status_code == 200
    enter(browser, right, onwards=page)

    assert browser.get(page).status_code == 302


def test_a_code_in_place_that_went_to_another_address_is_good_for_nothing(browser, rose):
    page = reverse("archive")
    send(browser, onwards=page)
    Account.objects.filter(pk=rose.pk).update(email="rose@new.example")

    enter(browser, code_in(mail.outbox[-1]), onwards=page)

    assert browser.get(page).status_code == 302


def test_a_code_in_place_is_good_for_fifteen_minutes(browser):
    page = reverse("archive")
    send(browser, onwards=page)
    session = browser.session
    session["reauthentication_code"]["at"] -= 901
    session.save()

    enter(browser, code_in(mail.outbox[-1]), onwards=page)

    assert browser.get(page).status_code == 302


def test_five_codes_an_hour_are_sent_to_a_device(browser):
    for _ in range(5):
        send(browser, onwards="/you/")
    before = len(mail.outbox)

    answer = send(browser, onwards="/you/")

    # One was sent to sign in, from what was no known device then.
    assert answer.status_code == 429
    assert len(mail.outbox) == before
    assert "The next can be sent in 60 minutes." in answer.content.decode()


def test_nothing_is_destroyed_before_somebody_has_confirmed(browser, rose):
    post = make_post(rose)
    page = reverse("destroy_letter", args=[post.pk])

    answer = browser.post(page, {"do": "ask"})
    assert answer["Location"].startswith(reverse(BY_CODE))
    assert not Destruction.objects.exists()
    confirm(browser, onwards=page)

    assert Destruction.objects.filter(post=post).exists()


def test_somebody_for_after_is_not_named_before_somebody_has_confirmed(browser, rose, cast):
    make_circle(rose, of=[cast.nan])
    page = reverse("delegations")
    offer = {
        "person": cast.nan.pk,
        "role": "steward",
        "message": "For after.",
        "hands_over": "shown",
    }

    answer = browser.post(page, offer)
    assert answer["Location"].startswith(reverse(BY_CODE))
    assert not Delegation.objects.exists()
    confirm(browser, onwards=page)

    assert Delegation.objects.get().delegate == cast.nan


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_of_two_hundred_codes_in_place_three_are_judged(browser, monkeypatch):
    page = reverse("archive")
    send(browser, onwards=page)
    right = code_in(mail.outbox[-1])

    def guess(_number):
        other = phone()
        other.cookies = browser.cookies.copy()
        return enter(other, other_than(right), onwards=page).status_code

    answers = in_parallel(guess, times=200)
    enter(browser, right, onwards=page)

    assert answers.count(200) <= 3
    assert browser.get(page).status_code == 302
