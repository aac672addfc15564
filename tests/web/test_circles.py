from __future__ import annotations

import re

import pytest
from django.urls import reverse

from beside.people import blocks, circles, follows
from beside.people.models import Circle
from tests.cast import NOW, make_circle
from tests.web.browser import as_, page, post, status

pytestmark = pytest.mark.usefixtures("nothing_counted_yet")


def test_a_first_circle_is_made_and_somebody_put_into_it(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    rose = as_(cast.rose)
    assert "No circles yet. Most people begin with one called Family." in page(rose, "circles")

    post(rose, "circles", name="Family")
    circle = Circle.objects.get()
    post(rose, "add_to_circle", circle.pk, person=cast.nan.pk)

    assert "Take out: Nan, from Family" in page(rose, "circle", circle.pk)
    assert "<p>Nan</p>" in page(rose, "circles")


def test_a_name_that_is_taken_is_said_so(cast):
    make_circle(cast.rose)

    answer = post(as_(cast.rose), "circles", name="family")

    assert "You have a circle of that name already." in answer.content.decode()


def test_a_circle_can_be_called_something_else_and_ended(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    rose = as_(cast.rose)

    post(rose, "rename_circle", circle.pk, name="Our group")
    assert "Our group" in page(rose, "circles")
    post(rose, "destroy_circle", circle.pk)

    assert not Circle.objects.exists()


def test_somebody_is_taken_out(cast):
    circle = make_circle(cast.rose, of=[cast.nan])

    post(as_(cast.rose), "remove_from_circle", circle.pk, cast.nan.pk)

    assert circles.members(circle) == []


def test_other_peoples_circles_are_not_there(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    nan = as_(cast.nan)

    assert status(nan, "circle", circle.pk) == 404
    for name, args in (
        ("rename_circle", [circle.pk]),
        ("destroy_circle", [circle.pk]),
        ("add_to_circle", [circle.pk]),
        ("remove_from_circle", [circle.pk, cast.nan.pk]),
    ):
        assert post(nan, name, *args, name="x").status_code == 404
    assert circles.members(circle) == [cast.nan]


def test_whoever_is_in_a_circle_is_not_told_by_the_list_of_people_either(cast):
    make_circle(cast.rose, "A name for us", of=[cast.nan])
    mine = make_circle(cast.nan, "Mine")
    nan = as_(cast.nan)

    text = page(nan, "circle", mine.pk) + page(nan, "you") + page(nan, "notices")

    assert "Rose" not in text
    assert "A name for us" not in text
    assert "A name for us" not in page(nan, "profile", cast.rose.pk)


def test_a_stranger_cannot_be_put_in(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    post(rose, "add_to_circle", circle.pk, person=cast.ines.pk)

    assert circles.members(circle) == []


@pytest.mark.thorough
def test_an_address_is_answered_the_same_whether_or_not_it_is_anybodys(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    answers = [
        rose.post(reverse("add_to_circle", args=[circle.pk]), {"email": email}, follow=True)
        for email in (cast.ines.email, "who@home.example")
    ]

    strip = lambda answer: re.sub(rb'value="[\w]{64}"', b"", answer.content)  # noqa: E731
    assert strip(answers[0]) == strip(answers[1])
    assert circles.members(circle) == []


def test_somebody_one_has_to_do_with_can_be_named_by_their_address(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    circle = make_circle(cast.rose)

    post(as_(cast.rose), "add_to_circle", circle.pk, email="NAN@home.example")

    assert circles.members(circle) == [cast.nan]


@pytest.mark.thorough
def test_addresses_cannot_be_tried_without_end(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    answers = [
        post(rose, "add_to_circle", circle.pk, email=f"who{n}@home.example").status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [429]


def test_somebody_who_was_taken_out_is_put_back_as_they_were(cast):
    circle = make_circle(cast.rose)
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)
    rose = as_(cast.rose)

    post(rose, "remove_from_circle", circle.pk, cast.nan.pk)
    outside = list(circles.members(circle))
    said = page(rose, "circle", circle.pk)
    post(rose, "remove_from_circle", circle.pk, cast.nan.pk, do="undo")

    back = circle.memberships.get()
    assert outside == []
    assert "Put Nan back" in said
    assert (back.account, back.added_at, back.from_now_on) == (cast.nan, NOW, True)
    assert "Put Nan back" not in page(rose, "circle", circle.pk)


def test_nobody_is_put_back_who_was_not_taken_out_or_is_blocked_since(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    rose = as_(cast.rose)
    post(rose, "remove_from_circle", circle.pk, cast.nan.pk)
    blocks.block(cast.rose, cast.nan, at=NOW)

    for account in (cast.nan, cast.ines):
        post(rose, "remove_from_circle", circle.pk, account.pk, do="undo")

    assert circles.members(circle) == []
