from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.family import families, family_members
from beside.family.families import Seen
from beside.family.models import FamilyAudience
from tests.cast import NOW, Cast, make_cast, make_circle
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    return make_cast()


def test_an_entry_is_written_said_back_and_read_by_whom_it_is_for(page, sign_in, cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    seen = Seen(FamilyAudience.PEOPLE, circles=frozenset({circle.pk}))
    families.choose(cast.rose, seen, at=NOW)
    family_members.add(cast.rose, uuid.uuid4(), "Emil", at=NOW)
    sign_in(page, cast.rose)

    page.goto(reverse("new_timeline_entry"))
    page.get_by_label("When was it?").fill("3/4/2012")
    page.get_by_label("What happened").fill("Emil is born")
    page.get_by_role("checkbox", name="Emil").check()
    page.get_by_role("button", name="Keep it").click()
    is_well_made(page)
    page.get_by_label("3 April 2012").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("3 April 2012")).to_be_visible()
    is_well_made(page)

    for name in ("family_audience", "reminders", "end_pregnancy"):
        page.goto(reverse(name))
        is_well_made(page)

    sign_in(page, cast.nan)
    page.goto(reverse("profile", args=[cast.rose.pk]))
    expect(page.get_by_role("heading", name="The family")).to_be_visible()
    expect(page.get_by_text("Emil is born")).to_be_visible()
    is_well_made(page)
