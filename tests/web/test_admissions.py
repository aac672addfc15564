from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.access.door.letters import AT_ONCE, make_letter

pytestmark = pytest.mark.usefixtures("own_place")


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom, door_says="Any answer is a good one.")


@pytest.fixture
def ines(cast):
    return browser(cast.ines)


def door_of(post):
    return reverse("door", args=[post.pk])


def page(client, path):
    return client.get(path).content.decode()


def ask(client, path, **said):
    return client.post(path, {"do": "ask", "reason": "lived", "words": "Aron died."} | said)


def test_at_once_one_stands_inside(cast, ines):
    letter = make_letter(cast.rose, door=AT_ONCE)

    answer = ask(ines, door_of(letter))

    assert answer.headers["Location"] == reverse("admission", args=[letter.pk])
    said = page(ines, answer.headers["Location"])
    assert "Rose has let you in" in said
    assert "Show me the photographs" in said
    assert ines.get(door_of(letter)).headers["Location"] == reverse("letter", args=[letter.pk])
