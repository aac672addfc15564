from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def phone() -> Client:
    return Client(HTTP_HOST="localhost")


def test_choosing_a_light_keeps_it(db, phone):
    answer = phone.post("/light", {"light": "lamp", "large": "on", "next": "/help"})

    assert answer["Location"] == "/help"
    assert answer.cookies["light"].value == "lamp"
    assert answer.cookies["large"].value == "1"
    assert answer.cookies["light"]["httponly"]


def test_as_the_phone_has_it_forgets_the_choice(db, phone):
    phone.cookies["light"] = "lamp"

    answer = phone.post("/light", {"light": "phone"})

    assert answer.cookies["light"].value == ""
    assert answer.cookies["light"]["max-age"] == 0


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "help"])
def test_choosing_a_light_leads_nowhere_else(db, phone, elsewhere):
    assert phone.post("/light", {"light": "day", "next": elsewhere})["Location"] == reverse(
        "appearance"
    )
