from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from beside.notices import mail_endings, notice_preferences
from beside.notices.groups import CHOSEN, Group
from beside.notices.notice_preferences import Channel, HowOften
from beside.web.mails import news_mail
from tests.cast import make_post
from tests.web.browser import written

pytestmark = pytest.mark.usefixtures("own_place")


@pytest.fixture
def mail_program() -> Client:
    """It has no cookies and brings no token of ours."""
    return Client(HTTP_HOST="localhost", enforce_csrf_checks=True)


def choices(account) -> set[HowOften]:
    chosen = notice_preferences.choices_of(account.pk)
    return {chosen[group, Channel.MAIL] for group in CHOSEN}


def address_in(message) -> str:
    return re.fullmatch(r"<\S+?(/mails/\S+/)>", message.extra_headers["List-Unsubscribe"])[1]


def test_one_press_of_a_mail_program_ends_the_digest(cast, mail_program):
    message = news_mail(cast.rose, HowOften.DAILY)

    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = mail_program.post(address_in(message), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert choices(cast.rose) == {HowOften.NEVER}
    assert choices(cast.tom) == {HowOften.DAILY}


def test_it_ends_only_mails_of_its_own_kind(cast, mail_program):
    at_once = {(Group.WRITTEN, Channel.MAIL): HowOften.AT_ONCE}
    notice_preferences.choose(cast.rose.pk, at_once)

    mail_program.post(address_in(news_mail(cast.rose, HowOften.AT_ONCE)))

    chosen = notice_preferences.choices_of(cast.rose.pk)
    assert chosen[Group.WRITTEN, Channel.MAIL] == HowOften.NEVER
    assert chosen[Group.ASKED, Channel.MAIL] == HowOften.DAILY


def test_opening_the_link_ends_nothing_and_shows_one_button(cast, mail_program):
    address = address_in(news_mail(cast.rose, HowOften.DAILY))

    for method in ("get", "head"):
        page = getattr(mail_program, method)(address)
    shown = written(mail_program.get(address))

    assert page.status_code == 200
    assert choices(cast.rose) == {HowOften.DAILY}
    main = shown.partition("<main")[2].partition("</main>")[0]
    assert main.count("<button") == 1
    assert "rose" not in main.lower()


def test_the_same_link_is_in_the_mail_itself(cast):
    message = news_mail(cast.rose, HowOften.DAILY)

    assert address_in(message) in message.body


def test_a_link_says_nothing_of_whose_it_is_and_all_are_of_one_length(cast):
    tokens = [
        mail_endings.token_of(account.pk, how_often)
        for account in cast
        for how_often in (HowOften.AT_ONCE, HowOften.DAILY)
    ]

    assert {len(token) for token in tokens} == {60}
    assert not any(
        account.pk.hex in token or str(account.pk) in token for account in cast for token in tokens
    )


@pytest.mark.parametrize(
    "damage",
    [
        "x" * 43,
        "é",
        "A",
        lambda token: token[:-5],
        lambda token: ("B" if token.startswith("A") else "A") + token[1:],
    ],
)
def test_a_damaged_link_ends_nothing(cast, mail_program, damage):
    token = mail_endings.token_of(cast.rose.pk, HowOften.DAILY)
    address = reverse("mail_ending", args=[damage(token) if callable(damage) else damage])

    answers = mail_program.get(address), mail_program.post(address)

    assert [answer.status_code for answer in answers] == [404, 404]
    assert choices(cast.rose) == {HowOften.DAILY}


def test_whoever_has_no_account_ends_invitations_and_links_to_their_address(
    cast, mail_program, settings
):
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    rose = Client(HTTP_HOST="localhost")
    rose.force_login(cast.rose)
    invite = {"name": "Gran", "email": "gran@home.example"}
    rose.post(reverse("invitations"), invite)
    [invitation] = mail.outbox
    page = mail_program.get(address_in(invitation)).content.decode()
    assert "invitations and links that people here send to your address" in page

    mail_program.post(address_in(invitation), {"List-Unsubscribe": "One-Click"})

    again = rose.post(reverse("invitations"), {**invite, "email": "GRAN@home.example"})
    assert "We send it to" not in again.content.decode()
    assert "/join/" in again.content.decode()
    post = make_post(cast.rose)
    link = {"name": "Gran", "what": "words", "good_for": "90", "address": "gran@home.example"}
    made = rose.post(reverse("share_links", args=[post.pk]), link).content.decode()
    assert "couldn’t be delivered" in made
    assert "/for-you/#" in made
    assert len(mail.outbox) == 1
    rose.post(reverse("invitations"), {**invite, "email": "ada2@home.example"})
    assert len(mail.outbox) == 2


def test_the_mail_with_a_link_has_an_ending_too(cast, settings):
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    rose = Client(HTTP_HOST="localhost")
    rose.force_login(cast.rose)
    link = {"name": "Gran", "what": "words", "good_for": "90", "address": "gran@home.example"}

    rose.post(reverse("share_links", args=[make_post(cast.rose).pk]), link)

    [sent] = mail.outbox
    assert address_in(sent) in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_for_an_account_that_is_gone_the_answer_is_the_same(cast, mail_program):
    address = address_in(news_mail(cast.ada, HowOften.DAILY))
    here = mail_program.post(address_in(news_mail(cast.rose, HowOften.DAILY)))
    cast.ada.delete()

    gone = mail_program.post(address)

    assert (gone.status_code, gone.content) == (here.status_code, here.content)
