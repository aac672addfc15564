"""What somebody does to sign up, in, and in again, as a browser does it."""

from __future__ import annotations

import re

from django.core import mail
from django.test import Client
from django.urls import reverse

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit Mobile/15E148 Safari"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit Chrome/130 Safari"


def phone() -> Client:
    return Client(headers={"User-Agent": PHONE})


def code_in(message) -> str:
    return re.search(r"(\d{4}) (\d{4})", message.body).expand(r"\1\2")


def other_than(code) -> str:
    return "00000000" if code != "00000000" else "11111111"


def ask_for_code(client, email):
    return client.post(reverse("account_request_login_code"), {"email": email})


def give_code(client, code, **more):
    return client.post(reverse("account_confirm_login_code"), {"code": code, **more})


def sign_in(client, account, **more) -> None:
    ask_for_code(client, account.email)
    answer = give_code(client, code_in(mail.outbox[-1]), **more)
    assert answer.status_code == 302


def open_invitation(client, secret):
    return client.post(reverse("invitation", args=[secret]), follow=True)


def sign_up(client, *, name="Nan", email="nan.new@home.example"):
    return client.post(reverse("account_signup"), {"name": name, "email": email})


def confirm(client):
    code = code_in(mail.outbox[-1])
    return client.post(reverse("account_email_verification_sent"), {"code": code})


def is_in(client) -> bool:
    return client.get(reverse("mfa_list_webauthn")).status_code == 200


def credentials(account):
    """Two devices that are signed in."""
    here, there = phone(), Client(headers={"User-Agent": COMPUTER})
    sign_in(here, account)
    sign_in(there, account)
    assert is_in(here)
    assert is_in(there)
    return here, there


def long_ago(client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
