from __future__ import annotations

from django.test import Client
from django.urls import reverse


def test_no_page_of_ones_own_is_there_for_a_stranger(cast):
    for name in ("you", "notices", "circles", "invitations", "edit_profile", "portrait"):
        answer = Client().get(reverse(name))
        assert answer["Location"].startswith(reverse("account_login"))
