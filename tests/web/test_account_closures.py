from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.archive import account_closures, exports
from beside.notices.models import Notice
from beside.people.models import Account, AccountClosure
from beside.posts.models import Post
from tests.cast import make_post, make_sealed_photo
from tests.web.signing_in import is_in, long_ago, phone, sign_in

CLOSE, REOPEN = "close_account", "reopen_account"


@pytest.fixture
def rose(cast, data) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


@pytest.fixture
def marit(cast, data) -> Client:
    EmailAddress.objects.create(
        user=cast.marit, email=cast.marit.email, verified=True, primary=True
    )
    client = phone()
    sign_in(client, cast.marit)
    return client


@pytest.fixture
def browser(rose) -> Client:
    client = phone()
    sign_in(client, rose)
    return client


def secret_in(message) -> str:
    return re.search(r"/come-back/#(\S+)", message.body).group(1)


def said_by(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.thorough
def test_one_press_closes_it_and_signs_out_everywhere(browser, rose, cast):
    post = make_post(rose, words_for=[cast.ada])
    there = phone()
    sign_in(there, rose)

    answer = browser.post(reverse(CLOSE), {"when": "30"})

    assert "It’s closed" in said_by(answer)
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not is_in(browser)
    assert not is_in(there)
    assert Post.objects.get(pk=post.pk).state == Post.State.CLOSED


@pytest.mark.thorough
def test_the_mail_has_the_way_back_and_says_nothing_of_what_or_whose_it_is(browser, rose):
    answer = browser.post(reverse(CLOSE), {"when": "30"})
    told = mail.outbox[-1]

    assert told.to == ["rose@home.example"]
    assert "Rose" not in told.body + told.subject
    assert secret_in(told) in said_by(answer)
    shown = phone().post(reverse(REOPEN), {"secret": secret_in(told)})
    assert "Otherwise it will be destroyed" in said_by(shown)
    assert AccountClosure.objects.exists()
    opened = phone().post(reverse(REOPEN), {"secret": secret_in(told), "do": "open"})

    assert "It’s open again" in said_by(opened)
    sign_in(again := phone(), Account.objects.get(pk=rose.pk))
    assert is_in(again)


def test_nobody_signs_in_while_it_is_closed(browser, rose):
    browser.post(reverse(CLOSE), {"when": "30"})
    sent = len(mail.outbox)
    client = phone()
    client.post(reverse("account_request_login_code"), {"email": rose.email})

    assert not is_in(client)
    assert not any(re.search(r"\d{4} \d{4}", one.body) for one in mail.outbox[sent:])


@pytest.mark.thorough
def test_it_can_be_destroyed_now_and_no_mail_is_sent(browser, rose):
    post = make_post(rose, photos=[make_sealed_photo(rose)])
    sent = len(mail.outbox)

    answer = browser.post(reverse(CLOSE), {"when": "now"})

    assert "It’s gone" in said_by(answer)
    assert not Account.objects.filter(pk=rose.pk).exists()
    assert not Post.objects.filter(pk=post.pk).exists()
    assert len(mail.outbox) == sent


def test_only_the_press_asks_who_it_is(browser, rose):
    long_ago(browser)

    page = browser.get(reverse(CLOSE))
    answer = browser.post(reverse(CLOSE), {"when": "now"})

    assert page.status_code == 200
    assert answer.status_code == 302
    assert "/again/" in answer.headers["Location"]
    assert Account.objects.filter(pk=rose.pk).exists()


def test_anything_but_the_two_ways_does_nothing(browser, rose):
    for sent in ({}, {"when": "soon"}):
        assert browser.post(reverse(CLOSE), sent).status_code == 200

    assert Account.objects.get(pk=rose.pk).is_active


def test_the_page_offers_the_archive_and_names_those_one_wrote_with(browser, rose, cast):
    alone = said_by(browser.get(reverse(CLOSE)))
    make_post(rose, cast.tom)
    exports.request(rose, with_originals=True, at=timezone.now() - timedelta(days=90))
    make_sealed_photo(rose)

    together = said_by(browser.get(reverse(CLOSE)))

    assert "Letters with" not in alone
    assert "Your last is from" not in alone
    assert "Letters with Tom" in together
    assert "Your last is from" in together
    assert "You’ve added photographs since." in together
    assert reverse("archive") in together


def test_the_last_host_reads_what_it_means_for_the_place(marit):
    assert "Nobody else looks after this place." in said_by(marit.get(reverse(CLOSE)))


@pytest.mark.thorough
def test_a_host_reads_that_somebody_has_left(rose, marit):
    account_closures.close_and_destroy(rose, at=timezone.now())

    said = said_by(marit.get(reverse("notices")))

    assert "Somebody has closed their place" in said
    assert "Rose" not in said
    assert Notice.objects.filter(kind=Notice.Kind.PLACE_CLOSED).count() == 1


def test_a_link_that_opens_nothing_says_so(cast, data):
    answer = phone().post(reverse(REOPEN), {"secret": "x" * 43})

    assert "Nothing was opened" in said_by(answer)
