"""Two hundred guesses at the same moment, at each secret that can be guessed over HTTP.

A guess that is judged gets another answer than one that isn't. Never more are judged than the limit of
`beside.people.guesses` allows, however they race. On a busy machine some find the database locked: these
are answered 503, and not judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from http.client import HTTPResponse
from uuid import uuid4

import pytest

from tests.parallel import in_parallel
from tests.serving import until

GUESSES = 200
REFUSED, BUSY = 429, 503


def address(number: int) -> str:
    """One of many strangers: from one network fewer guesses are taken than at one secret."""
    return f"127.0.5.{1 + number}"


def statuses(guess: Callable[[int], HTTPResponse]) -> Counter[int]:
    answers = in_parallel(guess, times=GUESSES)
    wrong = [answer for answer in answers if isinstance(answer, Exception)]
    assert not wrong, wrong[0]
    return Counter(answer.status for answer in answers)


def judged(found: Counter[int], *, as_status: int = 200, otherwise: int = REFUSED) -> int:
    """How many were judged. All others were refused, or found the place busy."""
    assert set(found) <= {as_status, otherwise, REFUSED, BUSY}
    return found[as_status]


def cookies_in(answer: HTTPResponse) -> str:
    said = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(one.partition(";")[0] for one in said if not one.startswith("csrf="))


def code_for(place, email: str) -> str:
    """The code in the last mail to this address. A mail is filed in its own time."""

    def codes() -> list[str]:
        mine = [mail for mail in place.mails() if f"To: {email}" in mail]
        return [code for mail in mine for code in re.findall(r"\b\d{4} \d{4}\b", mail)]

    until(codes)
    return codes()[-1].replace(" ", "")


def other_than(code: str) -> str:
    return "00000000" if code != "00000000" else "11111111"


def is_signed_in(place, cookie: str) -> bool:
    return place.ask("GET", "/you/", cookie=cookie).status == 200


def test_of_200_codes_to_sign_in_three_are_judged_and_then_not_even_the_right_one(place):
    email = place.told["rose"]["email"]
    asked = place.post(place.path("account_request_login_code"), {"email": email})
    session, path = cookies_in(asked), place.path("account_confirm_login_code")
    code = code_for(place, email)

    def guess(number: int, code: str = other_than(code)) -> HTTPResponse:
        return place.post(path, {"code": code}, cookie=session, address=address(number))

    # Judged and wrong is the page again; not judged is being sent away.
    found = statuses(guess)
    right = guess(0, code)

    assert judged(found, otherwise=302) <= 3
    assert not is_signed_in(place, cookies_in(right) or session)


def test_of_200_codes_for_an_address_three_are_judged_and_then_not_even_the_right_one(place):
    email = "nan.new@home.example"
    opened = place.post(f"/join/{place.told['invitation']}/", {})
    session = cookies_in(opened)
    new = {"name": "Nan", "email": email}
    signed_up = place.post(place.path("account_signup"), new, cookie=session)
    session = cookies_in(signed_up) or session
    path = place.path("account_email_verification_sent")
    code = code_for(place, email)

    def guess(number: int, code: str = other_than(code)) -> HTTPResponse:
        return place.post(path, {"code": code}, cookie=session, address=address(number))

    found = statuses(guess)
    right = guess(0, code)

    assert judged(found, otherwise=302) <= 3
    assert not is_signed_in(place, cookies_in(right) or session)


def test_of_200_passwords_from_as_many_addresses_five_are_judged(place):
    sent = {"login": place.told["rose"]["email"]}

    found = statuses(
        lambda number: place.post(
            place.path("account_login"),
            {**sent, "password": f"guess {number}"},
            address=address(number),
        )
    )

    assert 1 <= judged(found) <= 5


def test_of_200_passwords_given_again_in_one_session_five_are_judged(place):
    cookie = place.told["iris"]["cookie"]

    found = statuses(
        lambda number: place.post(
            place.path("account_reauthenticate"),
            {"password": f"guess {number}"},
            cookie=cookie,
            address=address(number),
        )
    )

    assert 1 <= judged(found) <= 5


@pytest.mark.parametrize("name", ["share_link_visit", "deposit", "undo_account_change"])
def test_of_200_secrets_of_links_thirty_are_looked_for(place, name):
    found = statuses(lambda number: place.post(place.path(name), {"secret": f"{number:043}"}))

    assert 1 <= judged(found) <= 30


def test_of_200_secrets_of_invitations_thirty_are_looked_for(place):
    # From a network of their own: the other tests, in whatever order, use an invitation as well.
    found = statuses(lambda number: place.ask("GET", f"/join/{number:043}/", address="127.0.6.1"))

    assert 1 <= judged(found) <= 30


def test_of_200_codes_of_notes_thirty_are_looked_for_however_they_are_asked_for(place):
    """At their address and in the field, in turns: both count together, and no session is needed."""

    def guess(number):
        code = f"{number:05}-22222"
        if number % 2:
            return place.post("/t/", {"code": code}, address="127.0.6.2")
        return place.ask("GET", f"/t/{code}/", address="127.0.6.2")

    assert 1 <= judged(statuses(guess)) <= 30


def test_of_200_addresses_of_doors_thirty_are_looked_for(place):
    cookie = place.told["iris"]["cookie"]

    found = statuses(
        lambda number: place.ask(
            "GET", f"/doors/{uuid4()}/", cookie=cookie, address=address(number)
        )
    )

    assert 1 <= judged(found, as_status=404) <= 30
