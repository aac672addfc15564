from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from beside.archive import exports
from beside.people import blocks, delegations, follows
from beside.people.delegations import Role
from beside.photos import deposits, disk_full
from tests.cast import NOW, make_circle


def test_no_page_of_ones_own_is_there_for_a_stranger(cast):
    for name in ("you", "notices", "circles", "invitations", "edit_profile", "portrait"):
        answer = Client().get(reverse(name))
        assert answer["Location"].startswith(reverse("account_login"))


def row(client, what: str) -> str:
    """What is said to be set now beside these words."""
    page = " ".join(client.get(reverse("you")).content.decode().split())
    found = re.search(rf'<span>{re.escape(what)}</span><span class="soft"[^>]*>(.*?)</span>', page)
    return found[1] if found else ""


GROUPS = (
    "About you",
    "Who reaches you",
    "Who helps you",
    "How you sign in",
    "What you keep",
    "The place",
)


@pytest.mark.thorough
def test_it_has_six_groups_and_each_line_says_what_is_set(rose):
    page = rose.get(reverse("you")).content.decode()

    assert tuple(re.findall(r"<h2[^>]*>(.*?)</h2>", page)) == GROUPS
    assert row(rose, "Name and words") == "Rose"
    assert row(rose, "Reads first") == row(rose, "Following you") == "Nobody"
    assert row(rose, "Circles") == "None yet"
    assert row(rose, "Quiet days") == "None now"
    assert row(rose, "Code by mail") == "To rose@home.example"
    assert row(rose, "Close my place") == "Leave, now or in 30 days"


@pytest.mark.thorough
def test_each_line_follows_what_is_changed(rose, cast):
    make_circle(cast.rose)
    delegations.offer(cast.rose, cast.ada, Role.SCREENER, message="", at=NOW)
    delegations.offer(cast.rose, cast.nan, Role.STEWARD, message="", at=NOW)
    steward = cast.rose.delegations.get(role=Role.STEWARD)
    delegations.sign(steward.pk, by=cast.nan, at=NOW)
    deposits.make(cast.rose, deposits.Terms("Ingrid"), at=NOW)
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    blocks.block(cast.rose, cast.max, at=NOW)
    exports.request(cast.rose, with_originals=True, at=NOW)

    assert row(rose, "Circles") == "Family"
    assert row(rose, "Reads first") == "Ada, who hasn’t answered yet"
    assert row(rose, "For after") == "Nan"
    assert row(rose, "Puts photographs in") == "Ingrid, by a link"
    assert row(rose, "Following you") == "Nan"
    assert row(rose, "Blocked") == "Max"
    assert row(rose, "Archive").startswith("Made on")


def test_only_those_who_may_invite_find_invitations(rose, settings):
    allowed = row(rose, "Invitations")
    settings.BESIDE = settings.BESIDE.model_copy(update={"anyone_invites": False})

    assert allowed == "Someone you’d like to have here"
    assert row(rose, "Invitations") == ""


def test_the_host_is_told_on_their_page_that_the_disk_is_full_and_nobody_else_is(
    client, cast, monkeypatch
):
    said = {}
    for full in (True, False):
        monkeypatch.setattr(disk_full, "is_full", lambda data, full=full: full)
        for name in ("marit", "rose"):
            client.force_login(cast[name])
            page = client.get(reverse("you")).content.decode()
            said[name, full] = "The disk of this place is full." in page

    assert said == {
        ("marit", True): True,
        ("marit", False): False,
        ("rose", True): False,
        ("rose", False): False,
    }
