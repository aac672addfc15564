from __future__ import annotations

import re

import pytest
import segno
from django.test import Client
from django.urls import reverse

from beside.people.models import Account, Invitation
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data", "nothing_counted_yet")
TYPED = re.compile(r'<p class="address" dir="ltr">([^<]+)</p>')


@pytest.fixture
def marit(cast):
    return browser(cast.marit)


def printed(client, count) -> str:
    return client.post(reverse("cards"), {"count": count}).content.decode()


@pytest.mark.parametrize("count", ["4", "10"])
def test_each_card_is_an_invitation_with_an_address_to_type(marit, count, settings):
    page = printed(marit, count)

    typed = TYPED.findall(page)
    assert len(set(typed)) == int(count) == Invitation.objects.count()
    host = settings.BESIDE.url.split("://")[1]
    for address in typed:
        assert re.fullmatch(rf"{re.escape(host)}/join/[0-9a-z]{{4}}(-[0-9a-z]{{4}}){{3}}", address)
    assert page.count("<svg viewBox") >= int(count)


def test_a_card_lets_one_person_join(marit):
    address = TYPED.findall(printed(marit, "4"))[0]
    visitor = Client(HTTP_HOST="localhost")

    answer = visitor.get("/" + address.split("/", 1)[1].upper().replace("JOIN", "join") + "/")

    assert "Marit" in answer.content.decode()
    assert answer.status_code == 200


def test_the_square_is_the_address(marit, settings):
    page = printed(marit, "4")
    address = f"{settings.BESIDE.url.split('://')[0]}://{TYPED.findall(page)[0]}/"
    paths = re.findall(r'<path fill="#000" d="([^"]+)"', page)

    dark = {
        (column, row)
        for row, line in enumerate(segno.make_qr(address, error="m").matrix, 4)
        for column, is_dark in enumerate(line, 4)
        if is_dark
    }

    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", paths[0])}
    assert drawn == dark


def test_the_addresses_are_shown_once_and_can_be_cancelled(marit):
    typed = TYPED.findall(printed(marit, "4"))

    again = marit.get(reverse("cards")).content.decode()
    listed = marit.get(reverse("invitations")).content.decode()

    assert not any(address in again + listed for address in typed)
    assert listed.count("Cancel it") == 4


def test_nobody_but_a_host_prints_any(cast):
    rose = browser(cast.rose)

    assert rose.get(reverse("cards")).status_code == 404
    assert rose.post(reverse("cards"), {"count": "4"}).status_code == 404
    assert not Invitation.objects.exists()
    assert Account.objects.filter(is_host=True).count() == 1


def test_a_number_that_is_not_offered_makes_nothing(marit):
    for count in ("", "5000"):
        printed(marit, count)

    assert not Invitation.objects.exists()


@pytest.mark.thorough
def test_there_is_a_limit_for_a_day(marit):
    for _ in range(6):
        printed(marit, "4")

    assert marit.post(reverse("cards"), {"count": "4"}).status_code == 429
