from __future__ import annotations

import pytest
from django.urls import reverse

from beside.people import follows, moderators
from tests.cast import NOW
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def marit(cast):
    follows.ask(cast.ines, cast.marit, at=NOW)
    follows.accept(cast.marit, cast.ines.pk, at=NOW)
    return browser(cast.marit)


def said(client, name):
    return client.get(reverse(name)).content.decode()


@pytest.mark.thorough
def test_a_host_asks_and_it_begins_with_a_yes(cast, marit):
    ines = browser(cast.ines)

    marit.post(reverse("moderators"), {"person": cast.ines.pk})

    assert "hasn’t answered yet" in said(marit, "moderators")
    assert ines.get(reverse("reports")).status_code == 404
    assert "You’re asked to be a moderator" in said(ines, "notices")
    ines.post(reverse("moderatorship"), {"do": "accept"})
    assert ines.get(reverse("reports")).status_code == 200
    assert "hasn’t answered yet" not in said(marit, "moderators")
    assert reverse("moderatorship") in said(ines, "you")


def test_either_ends_it(cast, marit):
    ines = browser(cast.ines)
    for ending in (
        lambda: ines.post(reverse("moderatorship"), {"do": "end"}),
        lambda: marit.post(reverse("moderators"), {"do": "end", "person": cast.ines.pk}),
    ):
        marit.post(reverse("moderators"), {"person": cast.ines.pk})
        ines.post(reverse("moderatorship"), {"do": "accept"})

        ending()

        assert not moderators.is_moderator(cast.ines)
        assert ines.get(reverse("reports")).status_code == 404


def test_nobody_else_names_anybody_or_is_asked(cast):
    rose = browser(cast.rose)

    for name in ("moderators", "moderatorship"):
        assert rose.get(reverse(name)).status_code == 404
        assert rose.post(reverse(name), {"person": cast.nan.pk, "do": "accept"}).status_code == 404
    assert not moderators.named().exists()
