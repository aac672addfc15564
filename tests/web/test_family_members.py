from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from beside.family import family_members
from beside.family.models import FamilyMember
from tests.cast import NOW, make_circle
from tests.web.browser import as_


@pytest.fixture
def member(cast) -> FamilyMember:
    make_circle(cast.rose, of=[cast.nan])
    return family_members.add(cast.rose, uuid.uuid4(), "Granny", at=NOW, account=cast.nan)


def test_somebody_is_named_once_however_often_the_form_is_sent(cast):
    typed = {"id": uuid.uuid4(), "name": "A child we didn’t get to name"}
    for _ in range(2):
        assert as_(cast.rose).post(reverse("family"), typed).status_code == 302

    assert [one.name for one in FamilyMember.objects.all()] == [typed["name"]]


def test_somebody_may_go_without_a_name(cast):
    as_(cast.rose).post(reverse("family"), {"name": ""})

    assert "Someone who isn’t named here" in as_(cast.rose).get(reverse("family")).content.decode()


def test_only_people_whom_one_knows_can_be_asked(cast):
    answer = as_(cast.rose).post(reverse("family"), {"name": "Ines", "person": cast.ines.pk})

    assert answer.status_code == 200
    assert not FamilyMember.objects.exists()


def test_they_are_asked_under_news_and_say_yes(cast, member):
    named = reverse("named_in_family", args=[member.pk])
    assert named in as_(cast.nan).get(reverse("notices")).content.decode()
    assert "Granny" in as_(cast.nan).get(named).content.decode()

    as_(cast.nan).post(named, {"do": "yes"})

    member.refresh_from_db()
    assert member.agreed_at is not None


def test_they_take_themselves_off_at_one_press(cast, member):
    named = reverse("named_in_family", args=[member.pk])

    as_(cast.nan).post(named, {"do": "off"})

    member.refresh_from_db()
    assert member.taken_off_at is not None
    assert as_(cast.nan).get(named).status_code == 404
    mine = as_(cast.rose).get(reverse("family_member", args=[member.pk])).content.decode()
    assert "They’ve taken themselves off" in mine


def test_a_member_is_renamed_and_removed(cast, member):
    address = reverse("family_member", args=[member.pk])
    as_(cast.rose).post(address, {"name": "Nan"})
    member.refresh_from_db()
    assert member.name == "Nan"

    as_(cast.rose).post(address, {"do": "remove"})

    assert not FamilyMember.objects.exists()
    assert "Granny" not in as_(cast.nan).get(reverse("notices")).content.decode()
