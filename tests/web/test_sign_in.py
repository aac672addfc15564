from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from beside.config.logs import WithoutSecrets
from beside.notices.models import Notice, OutgoingMail
from beside.people import invitations, sessions
from beside.people.models import Account, Narrowing, Session
from tests.cast import NOW, make_account
from tests.web.signing_in import (
    COMPUTER,
    ask_for_code,
    code_in,
    confirm,
    credentials,
    give_code,
    is_in,
    open_invitation,
    other_than,
    phone,
    sign_in,
    sign_up,
)

STOPPED = "This link no longer works"


@pytest.fixture
def place_is_open(settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"open_sign_up": True})


@pytest.fixture
def rose(cast) -> Account:
    EmailAddress.objects.create(user=cast.rose, email=cast.rose.email, verified=True, primary=True)
    return cast.rose


# Coming in


def test_a_code_by_mail_brings_in(rose):
    client = phone()

    sign_in(client, rose)

    assert is_in(client)


def test_the_mail_says_exactly_this(rose):
    ask_for_code(phone(), rose.email)

    message = mail.outbox[0]
    figures = code_in(message)
    assert message.subject == "Your code"
    assert message.to == [rose.email]
    assert message.alternatives == []
    assert message.body == (
        f"Your code is {figures[:4]} {figures[4:]}. It works for fifteen minutes. "
        "If you didn’t ask for it, you needn’t do anything."
    )


def test_a_code_can_be_pasted_with_its_gap(rose):
    client = phone()
    ask_for_code(client, rose.email)
    code = code_in(mail.outbox[-1])

    give_code(client, f"{code[:4]} {code[4:]}")

    assert is_in(client)


def test_a_code_works_once(rose):
    client = phone()
    sign_in(client, rose)
    code = code_in(mail.outbox[-1])
    client.post(reverse("account_logout"))

    give_code(client, code)

    assert not is_in(client)


def test_a_missing_figure_is_named(rose):
    client = phone()
    ask_for_code(client, rose.email)

    answer = give_code(client, "4071693")

    assert "There’s a digit missing. The code has eight." in answer.content.decode()


def test_after_three_wrong_codes_another_has_to_be_asked_for(rose):
    client = phone()
    ask_for_code(client, rose.email)
    right = code_in(mail.outbox[-1])
    wrong = other_than(right)

    for _ in range(3):
        give_code(client, wrong)
    give_code(client, right)

    assert not is_in(client)


def test_a_code_is_good_for_fifteen_minutes(rose, monkeypatch):
    client = phone()
    ask_for_code(client, rose.email)
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= 901
    session.save()

    answer = give_code(client, code_in(mail.outbox[-1]))
    page = client.get(answer["Location"])

    assert not is_in(client)
    assert "That code has expired. Here’s how to get another." in page.content.decode()


def test_a_password_brings_in_where_there_is_one(rose):
    rose.set_password("three quiet words")
    rose.save()
    client = phone()

    client.post(reverse("account_login"), {"login": rose.email, "password": "three quiet words"})

    assert is_in(client)


def test_an_account_without_a_password_is_not_opened_by_an_empty_one(rose):
    client = phone()

    client.post(reverse("account_login"), {"login": rose.email, "password": ""})

    assert not is_in(client)


def test_the_session_says_on_what_and_since_when(rose):
    client = phone()

    sign_in(client, rose)

    row = Session.objects.get(account=rose)
    assert row.device == "phone"
    assert row.began_at > NOW


def test_a_device_that_is_not_known_is_told_at_once_by_mail_and_under_news_and_the_first_never(
    rose,
):
    first = phone()
    sign_in(first, rose)
    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()

    sign_in(phone(), rose)

    assert [n.kind for n in Notice.objects.filter(recipient=rose)] == [Notice.Kind.SIGNED_IN]
    told = mail.outbox[-1]
    assert told.to == [rose.email]
    assert told.subject == "A new device"
    assert "on a device that wasn’t known before" in told.body
    assert "on a phone" in told.body
    assert "/account/undo/#" in told.body


def test_a_device_is_known_again_by_its_cookie_whatever_it_says_of_itself(rose):
    client = phone()
    sign_in(client, rose)
    client.post(reverse("account_logout"))
    Session.objects.all().delete()

    sign_in(Client(headers={"User-Agent": COMPUTER}), rose)
    before = len(mail.outbox)
    client.defaults["HTTP_USER_AGENT"] = COMPUTER
    sign_in(client, rose)

    assert len(mail.outbox) == before + 1
    assert mail.outbox[-1].subject == "Your code"


def test_the_cookie_of_a_device_is_signed_and_out_of_reach_of_scripts_for_a_year(rose, settings):
    client = phone()
    sign_in(client, rose)

    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 60 * 60
    assert not cookie["domain"]
    client.cookies[settings.DEVICE_COOKIE_NAME] = cookie.value[:-1]
    sign_in_again(client, rose)
    assert mail.outbox[-1].subject == "A new device"


def sign_in_again(client, account):
    client.post(reverse("account_logout"))
    sign_in(client, account)


def test_a_code_that_was_sent_to_an_address_which_the_account_lost_opens_nothing(rose):
    thief = phone()
    ask_for_code(thief, rose.email)
    Account.objects.filter(pk=rose.pk).update(email="rose@new.example")

    give_code(thief, code_in(mail.outbox[-1]))

    assert not is_in(thief)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "http://localhost/",
        r"/\elsewhere.example",
        "javascript:alert(1)",
    ],
)
def test_signing_in_never_leads_to_another_site(rose, elsewhere):
    client = phone()
    ask_for_code(client, rose.email)

    answer = give_code(client, code_in(mail.outbox[-1]), next=elsewhere)

    assert answer["Location"] == reverse("home")


def test_signing_in_leads_to_where_somebody_was_going(rose):
    client = phone()
    ask_for_code(client, rose.email)

    answer = give_code(client, code_in(mail.outbox[-1]), next="/you/")

    assert answer["Location"] == "/you/"


def test_a_passkey_is_no_second_lock_behind_a_code(rose):
    client = phone()

    sign_in(client, rose)

    assert "mfa_authenticate" not in client.session
    assert is_in(client)


def test_every_page_of_coming_in_is_one_of_ours(rose):
    for name in ("account_login", "account_request_login_code", "account_signup"):
        page = phone().get(reverse(name)).content.decode()
        assert "beside.css" in page
        assert "<h1>" in page


# Nobody learns who has a place here


def same_answer(first, second, *words) -> bool:
    def bare(answer):
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        for word in words:
            text = text.replace(word, "")
        return text

    headers = [
        {k: v for k, v in answer.headers.items() if k not in {"Content-Length", "Expires"}}
        for answer in (first, second)
    ]
    return (
        first.status_code == second.status_code
        and headers[0] == headers[1]
        and bare(first) == bare(second)
    )


def test_asking_for_a_code_is_the_same_with_and_without_an_account(rose):
    known, unknown = phone(), phone()

    answers = ask_for_code(known, rose.email), ask_for_code(unknown, "who@home.example")
    pages = known.get(answers[0]["Location"]), unknown.get(answers[1]["Location"])

    assert same_answer(*answers)
    assert same_answer(*pages, rose.email, "who@home.example")
    assert [message.to for message in mail.outbox] == [[rose.email]]


def test_giving_a_wrong_code_is_the_same_with_and_without_an_account(rose):
    known, unknown = phone(), phone()
    ask_for_code(known, rose.email)
    ask_for_code(unknown, "who@home.example")
    wrong = other_than(code_in(mail.outbox[-1]))

    for _ in range(3):
        answers = give_code(known, wrong), give_code(unknown, wrong)
        assert same_answer(*answers, rose.email, "who@home.example")


def test_asking_for_another_code_is_the_same_with_and_without_an_account(rose):
    known, unknown = phone(), phone()
    ask_for_code(known, rose.email)
    ask_for_code(unknown, "who@home.example")

    for _ in range(3):
        answers = (
            give_code(known, "", action="resend"),
            give_code(unknown, "", action="resend"),
        )
        assert same_answer(*answers, rose.email, "who@home.example")


def test_a_wrong_password_is_the_same_with_and_without_an_account(rose):
    rose.set_password("three quiet words")
    rose.save()
    url = reverse("account_login")

    known = phone().post(url, {"login": rose.email, "password": "something else"})
    unknown = phone().post(url, {"login": "who@home.example", "password": "something else"})

    assert same_answer(known, unknown, rose.email, "who@home.example")


def test_a_closed_account_looks_like_none(rose):
    rose.set_password("three quiet words")
    rose.is_active = False
    rose.save()

    client = phone()
    client.post(reverse("account_login"), {"login": rose.email, "password": "three quiet words"})
    ask_for_code(phone(), rose.email)

    assert not is_in(client)
    assert mail.outbox == []


def test_a_code_for_nobody_costs_the_same_row_which_is_never_sent(rose, settings):
    settings.EMAIL_BACKEND = "beside.config.mail_backend.Outbox"

    ask_for_code(phone(), rose.email)
    ask_for_code(phone(), "who_@home.example")

    sent, decoy = OutgoingMail.objects.order_by("is_decoy")
    assert (sent.is_decoy, decoy.is_decoy) == (False, True)
    assert len(bytes(sent.sealed)) == len(bytes(decoy.sealed))


def test_signing_up_with_a_known_address_looks_like_signing_up(cast, rose):
    clients = []
    for name in ("Ines", "Ada"):
        _row, secret = invitations.make(cast.tom, name=name, at=NOW)
        client = phone()
        open_invitation(client, secret)
        clients.append(client)
    known, unknown = clients

    answers = sign_up(known, email=rose.email), sign_up(unknown, email="new@home.example")
    pages = known.get(answers[0]["Location"]), unknown.get(answers[1]["Location"])
    again = known.post(reverse("another_address")), unknown.post(reverse("another_address"))

    assert same_answer(*answers)
    assert same_answer(*pages, rose.email, "new@home.example")
    assert same_answer(*again)
    assert mail.outbox[0].subject == "You have a place already"
    assert "Rose" not in mail.outbox[0].body


# Invitations


def test_without_an_invitation_there_is_no_way_to_sign_up(db):
    client = phone()

    page = client.get(reverse("account_signup"))
    sign_up(client)

    assert "A place here begins with an invitation" in page.content.decode()
    assert not Account.objects.exists()


@pytest.mark.usefixtures("place_is_open")
def test_where_the_host_opens_it_nobody_needs_an_invitation(db):
    client = phone()

    sign_up(client)
    confirm(client)

    assert is_in(client)


def test_somebody_signs_up_with_an_invitation(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()

    page = open_invitation(client, secret)
    assert "Rose has made room for you" in page.content.decode()
    sign_up(client, name="  Nan  Holt ")
    confirm(client)

    account = Account.objects.get(email="nan.new@home.example")
    assert is_in(client)
    assert account.profile.name == "Nan Holt"
    assert account.came_by_invitation.inviter == cast.rose
    assert not account.is_host


@pytest.mark.usefixtures("place_is_open")
@pytest.mark.parametrize("name", ["Call 030 123 456 7", "Beside", "\u2800", "Nan\nwww.elsewhere"])
def test_a_name_that_cannot_be_stops_the_signing_up_and_keeps_the_address(db, name):
    client = phone()

    answer = sign_up(client, name=name)

    assert 'value="nan.new@home.example"' in answer.content.decode()
    assert 'id="id_name_error"' in answer.content.decode()
    assert not Account.objects.exists()


def test_the_hosts_link_makes_the_host(db):
    client = phone()
    open_invitation(client, invitations.make_first_host_link(at=NOW))

    sign_up(client, name="Marit")
    assert not Account.objects.get().is_host
    confirm(client)

    assert Account.objects.get().is_host
    assert is_in(client)


def test_until_the_host_has_confirmed_their_address_another_link_can_be_made(db):
    mistyped = phone()
    open_invitation(mistyped, invitations.make_first_host_link(at=NOW))
    sign_up(mistyped, name="Marit", email="marti@home.example")

    client = phone()
    open_invitation(client, invitations.make_first_host_link(at=NOW))
    sign_up(client, name="Marit", email="marit@home.example")
    confirm(client)

    assert Account.objects.get().email == "marit@home.example"
    assert Account.objects.get().is_host


def test_whoever_has_the_address_that_the_host_mistyped_does_not_come_in(db):
    host, stranger = phone(), phone()
    open_invitation(host, invitations.make_first_host_link(at=NOW))
    sign_up(host, name="Marit", email="marti@home.example")
    begun = Account.objects.get()

    ask_for_code(stranger, begun.email)
    answer = give_code(stranger, code_in(mail.outbox[-1]), next=reverse("account_login"))
    page = stranger.get(answer["Location"])

    begun.refresh_from_db()
    assert "begun in another browser" in page.content.decode()
    assert not is_in(stranger)
    assert not begun.is_host
    assert begun.last_login is None


def test_looking_at_the_page_of_an_invitation_uses_nothing_up(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)

    for _ in range(3):
        page = phone().get(reverse("invitation", args=[secret]))
        assert "Rose has made room for you" in page.content.decode()
        assert page.cookies.get("session") is None

    assert invitations.find_open(secret, at=NOW)


def test_the_secret_is_in_the_address_and_nowhere_else(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()

    page = client.get(reverse("invitation", args=[secret]))
    after = client.post(reverse("invitation", args=[secret]))

    assert secret not in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert secret not in after["Location"]
    assert secret not in str(dict(client.session))


def test_whatever_is_wrong_with_an_invitation_the_page_is_the_same(cast):
    secrets = []
    for _ in range(3):
        row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
        secrets.append((row, secret))
    used, revoked, old = (row for row, _ in secrets)
    client = phone()
    open_invitation(client, secrets[0][1])
    sign_up(client)
    invitations.revoke(revoked.pk, by=cast.rose, at=NOW)
    type(old).objects.filter(pk=old.pk).update(expires_at=NOW - timedelta(days=1))

    pages = [
        phone().get(reverse("invitation", args=[secret]))
        for secret in [*(secret for _, secret in secrets), "never-was"]
    ]

    assert used.pk != old.pk
    assert all(STOPPED in page.content.decode() for page in pages)
    assert all(same_answer(pages[0], page) for page in pages[1:])


def test_pressing_on_a_stopped_invitation_opens_nothing(cast):
    row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    invitations.revoke(row.pk, by=cast.rose, at=NOW)
    client = phone()

    page = open_invitation(client, secret)
    sign_up(client)

    assert STOPPED in page.content.decode()
    assert not Account.objects.filter(email="nan.new@home.example").exists()


def test_an_invitation_that_was_stopped_meanwhile_makes_nothing(cast):
    row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()
    open_invitation(client, secret)
    invitations.revoke(row.pk, by=cast.rose, at=NOW)

    sign_up(client)

    assert not Account.objects.filter(email="nan.new@home.example").exists()


def test_of_two_with_the_same_invitation_one_gets_in(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    first, second = phone(), phone()
    open_invitation(first, secret)
    open_invitation(second, secret)

    sign_up(first, email="first@home.example")
    sign_up(second, email="second@home.example")

    assert Account.objects.filter(email="first@home.example").exists()
    assert not Account.objects.filter(email="second@home.example").exists()


@pytest.mark.thorough
def test_a_slip_in_the_address_can_be_mended_and_keeps_the_invitation(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()
    open_invitation(client, secret)
    sign_up(client, email="slip@home.example")

    client.post(reverse("another_address"))
    sign_up(client, email="right@home.example")
    confirm(client)

    assert is_in(client)
    assert not Account.objects.filter(email="slip@home.example").exists()


def test_another_address_takes_nobodys_place_who_is_in(rose):
    client = phone()
    ask_for_code(client, rose.email)

    client.post(reverse("another_address"))

    assert Account.objects.filter(pk=rose.pk).exists()


def test_an_account_is_not_entered_before_its_address_is_confirmed(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()
    open_invitation(client, secret)

    sign_up(client)

    assert not is_in(client)


# Going out


def test_signing_out_ends_this_one_and_asks_the_browser_to_forget(rose):
    here, there = credentials(rose)

    answer = here.post(reverse("account_logout"))

    assert not is_in(here)
    assert is_in(there)
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_a_link_cannot_sign_anybody_out(rose):
    here, _there = credentials(rose)

    here.get(reverse("account_logout"))

    assert is_in(here)


def test_one_that_was_ended_is_signed_out_at_its_next_request(rose):
    here, there = credentials(rose)
    key = there.session.session_key
    device = next(d for d in sessions.of(rose, this=None, at=NOW) if d.kind == "computer")

    sessions.end(rose, device.id, at=NOW)

    assert not Session.objects.filter(pk=key).exists()
    assert not is_in(there)
    assert is_in(here)


def test_a_first_password_ends_every_other_session(rose):
    here, there = credentials(rose)
    key = there.session.session_key

    here.post(reverse("account_set_password"), {"password1": "three quiet words"})

    assert not Session.objects.filter(pk=key).exists()
    assert not is_in(there)
    assert is_in(here)
    assert Narrowing.objects.filter(kind=Narrowing.Kind.SIGNED_OUT).exists()


def test_another_password_ends_every_other_session(rose):
    rose.set_password("three quiet words")
    rose.save()
    here, there = credentials(rose)
    key = there.session.session_key

    here.post(reverse("account_change_password"), {"password1": "four quite other words"})

    assert not Session.objects.filter(pk=key).exists()
    assert not is_in(there)
    assert is_in(here)
    rose.refresh_from_db()
    assert rose.check_password("four quite other words")


def test_another_address_ends_every_other_session(rose):
    here, there = credentials(rose)

    here.post(reverse("account_email"), {"email": "rose@new.example", "action_add": "1"})
    here.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])})

    rose.refresh_from_db()
    assert rose.email == "rose@new.example"
    assert not is_in(there)
    assert is_in(here)


def test_until_its_code_comes_back_another_address_changes_nothing(rose):
    here, there = credentials(rose)

    here.post(reverse("account_email"), {"email": "rose@new.example", "action_add": "1"})

    rose.refresh_from_db()
    assert rose.email == "rose@home.example"
    assert is_in(there)


def test_an_address_is_not_taken_from_somebody_else(rose, cast):
    here, _there = credentials(rose)

    here.post(reverse("account_email"), {"email": cast.tom.email, "action_add": "1"})

    rose.refresh_from_db()
    assert rose.email == "rose@home.example"
    assert not EmailAddress.objects.filter(user=rose, email=cast.tom.email).exists()


def test_a_closed_account_is_out_at_its_next_request(rose):
    here, _there = credentials(rose)

    Account.objects.filter(pk=rose.pk).update(is_active=False)

    assert not is_in(here)


def test_whoever_has_just_signed_up_is_not_asked_again(cast):
    _row, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()
    open_invitation(client, secret)
    sign_up(client)
    confirm(client)

    page = client.get(reverse("account_set_password")).content.decode()

    assert "Your new password" in page


def test_no_secret_of_an_invitation_stands_in_a_log():
    record = logging.LogRecord("django", 30, "", 0, "Not Found: %s", ("/join/s3cret-1_x/",), None)

    assert WithoutSecrets().filter(record)

    assert record.getMessage() == "Not Found: /join/…/"
    assert "beside.config.logs.WithoutSecrets" in str(settings.LOGGING)


def test_nobody_removes_anybody_elses_passkey(rose, cast):
    here, _there = credentials(rose)

    answer = here.post(reverse("mfa_remove_webauthn"), {"passkey": "1"})

    assert answer.status_code == 404


def test_the_account_of_a_test_stays_out_without_a_code(db):
    make_account("somebody")

    assert not is_in(phone())


@pytest.mark.parametrize(
    ("carrier", "is_sent"),
    [
        ("beside.notices.mail.FolderAndTerminal", False),
        ("django.core.mail.backends.locmem.EmailBackend", True),
    ],
)
def test_no_page_says_that_a_mail_was_sent_where_none_can_be(cast, settings, carrier, is_sent):
    settings.MAIL_CARRIER = carrier
    client = phone()
    ask_for_code(client, cast.rose.email)

    said = client.get(reverse("account_confirm_login_code")).content.decode()

    assert ("we’ve sent a code of eight digits" in said) == is_sent
    assert ("no mail server yet" in said) != is_sent
