from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from beside.people.models import Session
from tests.web.browser import as_, page, post, status


def test_where_one_is_signed_in_can_be_ended_one_by_one_and_altogether(cast):
    here, there = as_(cast.rose), as_(cast.rose)
    text = page(here, "you")
    device = re.search(r'name="device" value="(\w+)"', text).group(1)

    post(here, "sessions", device=device)
    assert status(there, "you") == 302
    assert status(here, "you") == 200
    answer = post(here, "sign_out_everywhere")

    assert status(here, "you") == 302
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(account=cast.rose).exists()


def test_nobody_ends_anybody_elses(cast):
    rose, tom = as_(cast.rose), as_(cast.tom)
    as_(cast.rose)
    device = re.search(r'name="device" value="(\w+)"', page(rose, "you")).group(1)

    post(tom, "sessions", device=device)

    assert device in page(rose, "you")


@pytest.mark.parametrize("sign", ["%00", "\\000", "é", "x" * 300])
def test_a_cookie_that_can_be_no_session_is_nobody(db, sign):
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = f"abcdefgh{sign}"

    assert browser.get("/you/").status_code == 302
    assert browser.get("/help").status_code == 200
    assert browser.get("/", headers={"Cookie": f'session="abcdefgh{sign}"'}).status_code == 200


def test_a_device_by_any_other_name_is_none(cast):
    rose = as_(cast.rose)

    for device in ("", "é", "\U0001f422", "0" * 32):
        assert post(rose, "sessions", device=device).status_code == 302
    assert status(rose, "you") == 200
