from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from beside.access.door import admissions
from beside.access.models import Ban
from beside.access.policy import Sight
from beside.people.models import Follow
from tests.access.door.letters import make_letter, sight
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("own_place")


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom, door_says="Any answer is a good one.")


def page(client, path):
    return client.get(path).content.decode()


@pytest.mark.thorough
def test_keeping_out_is_on_a_page_of_ones_own(letter, cast):
    admissions.admit(letter, cast.ines.pk, message="", at=NOW)
    Follow.objects.create(
        follower=cast.ines, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )
    rose, here = browser(cast.rose), reverse("bans")

    rose.post(here, {"person": cast.ines.pk, "address": "Eve@Home.example"})
    rose.post(here, {"person": cast.marit.pk})

    said = page(rose, here)
    assert set(Ban.objects.values_list("account", "address")) == {
        (cast.ines.pk, ""),
        (None, "eve@home.example"),
    }
    assert all(word in said for word in ("Ines", "eve@home.example", "They’re never told"))
    assert "Choose somebody" in rose.post(here, {}).content.decode()
    assert sight(letter, cast.ines) == Sight.DOOR
    rose.post(here, {"do": "end", "ban": Ban.objects.get(account=cast.ines).pk})
    assert not Ban.objects.filter(account=cast.ines).exists()
