from __future__ import annotations

from django.test import Client
from django.urls import reverse

from beside.photos import disk_full


def test_no_page_of_ones_own_is_there_for_a_stranger(cast):
    for name in ("you", "notices", "circles", "invitations", "edit_profile", "portrait"):
        answer = Client().get(reverse(name))
        assert answer["Location"].startswith(reverse("account_login"))


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
