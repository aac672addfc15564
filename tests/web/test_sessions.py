from __future__ import annotations

import re

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
