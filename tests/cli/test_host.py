from __future__ import annotations

import pytest

from beside.people import hosts
from beside.people.models import Account
from tests.cast import NOW


@pytest.fixture
def marit(cast) -> Account:
    Account.objects.filter(pk=cast.nan.pk).update(last_login=NOW)
    return cast.marit


def test_each_act_says_what_it_did_and_is_in_the_log(marit, cast, beside):
    done = [
        beside("host", "list"),
        beside("host", "sign-out", marit.email),
        beside("host", "change-address", marit.email, "new@home.example"),
        beside("host", "replace", "new@home.example", cast.nan.email),
        beside("host", "disable", cast.nan.email, "--because", "She has left."),
        beside("host", "link"),
    ]
    log = beside("host", "log").output.splitlines()

    assert [one.exit_code for one in done] == [0] * 6
    assert f"<{marit.email}>" in done[0].output
    assert "beside host link" in done[4].output
    assert "/join/" in done[5].output
    assert [line.partition("UTC: ")[2] for line in log] == [
        f"{cast.nan.email} was signed out, closed, and is the host no more.",
        f"new@home.example is the host no more; {cast.nan.email} is, instead.",
        "new@home.example has another address.",
        "new@home.example was signed out everywhere.",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sign-out", "nobody@home.example"), "No host here has the address"),
        (("replace", "MARIT", "nobody@home.example"), "Nobody with the address"),
        (("replace", "MARIT", "MARIT"), "same person"),
        (("change-address", "MARIT", "nowhere"), "isn't an e-mail address"),
        (("change-address", "MARIT", "NAN"), "another account's address"),
        (("link",), "has a host already"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(marit, cast, beside, words, says):
    Account.objects.filter(pk=marit.pk).update(last_login=NOW)
    addresses = {"MARIT": marit.email, "NAN": cast.nan.email}

    done = beside("host", *(addresses.get(word, word) for word in words))

    assert done.exit_code == 1
    assert says in done.output
    assert list(hosts.everybody()) == [marit]
    assert not hosts.acts().exists()


def test_a_log_of_nothing_says_so(cast, beside):
    assert "Nothing was done" in beside("host", "log").output


def test_a_dry_run_does_nothing(marit, beside):
    done = beside("host", "disable", marit.email, "--dry-run")

    assert "would be" in done.output
    assert list(hosts.everybody()) == [marit]
