from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from beside.access.policy import Sight, Viewer, visible_to
from beside.people import blocks, circles
from beside.people.models import Circle, Membership, Narrowing
from tests.cast import NOW, make_circle, make_post


def sight(who, post):
    return next((seen.sight for seen in visible_to(Viewer(who.pk), at=NOW).filter(pk=post.pk)), 0)


def test_a_circle_begins_empty(cast):
    circle = circles.make(cast.rose, name="  Our   group ")

    assert circle.name == "Our group"
    assert circles.members(circle) == []


def test_two_of_the_same_name_would_be_mixed_up(cast):
    circles.make(cast.rose, name="Family")

    with pytest.raises(circles.NameTaken):
        circles.make(cast.rose, name="FAMILY")
    assert circles.make(cast.tom, name="Family")


def test_the_database_holds_the_name_to_one_too(cast):
    Circle.objects.create(owner=cast.rose, name="Family")

    with pytest.raises(IntegrityError), transaction.atomic():
        Circle.objects.create(owner=cast.rose, name="family")


def test_a_circle_needs_a_name(cast):
    with pytest.raises(circles.NoName):
        circles.make(cast.rose, name="   ")


def test_it_can_be_called_something_else_and_keep_its_own_name(cast):
    circle = circles.make(cast.rose, name="Family")

    circles.rename(circle, name="family")

    assert circles.get(circle.pk, owner=cast.rose).name == "family"


def test_other_peoples_circles_are_not_there(cast):
    circle = make_circle(cast.rose)

    with pytest.raises(circles.NoSuchCircle):
        circles.get(circle.pk, owner=cast.tom)


def test_somebody_is_in_it_once(cast):
    circle = make_circle(cast.rose)

    circles.add(circle, cast.nan, at=NOW)
    circles.add(circle, cast.nan, at=NOW)

    assert circles.members(circle) == [cast.nan]


def test_the_owner_is_not_in_their_own(cast):
    circle = make_circle(cast.rose)

    circles.add(circle, cast.rose, at=NOW)

    assert circles.members(circle) == []


@pytest.mark.parametrize("blocker_first", [True, False])
def test_nobody_blocked_either_way_gets_in(cast, blocker_first):
    circle = make_circle(cast.rose)
    pair = (cast.rose, cast.nan) if blocker_first else (cast.nan, cast.rose)
    blocks.block(*pair, at=NOW)

    circles.add(circle, cast.nan, at=NOW)

    assert circles.members(circle) == []


def test_whoever_is_taken_out_loses_sight_of_everything_at_once(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[circle])
    assert sight(cast.nan, post) == Sight.WORDS

    circles.take_out(circle, cast.nan.pk, at=NOW)

    assert sight(cast.nan, post) == Sight.NOTHING
    narrowing = Narrowing.objects.get()
    assert narrowing.kind == Narrowing.Kind.TAKEN_OUT
    assert narrowing.subject == {"circle": str(circle.pk), "account": str(cast.nan.pk)}


def test_taking_out_whoever_is_not_in_it_writes_nothing_down(cast):
    circle = make_circle(cast.rose)

    circles.take_out(circle, cast.nan.pk, at=NOW)

    assert not Narrowing.objects.exists()


def test_removing_a_circle_takes_everybody_out_of_it(cast):
    circle = make_circle(cast.rose, of=[cast.nan, cast.ines])
    post = make_post(cast.rose, words_for=[circle])

    circles.remove(circle, at=NOW)

    assert sight(cast.nan, post) == Sight.NOTHING
    assert not Membership.objects.exists()
    assert {row.subject["account"] for row in Narrowing.objects.all()} == {
        str(cast.nan.pk),
        str(cast.ines.pk),
    }
