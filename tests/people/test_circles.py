from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from beside.access import preview
from beside.access.policy import Sight, Viewer, visible_to
from beside.notices.models import Notice
from beside.people import blocks, circles, replaying
from beside.people.models import Circle, Membership, Narrowing
from beside.posts import audiences, closing, publishing
from beside.posts.models import Post
from tests.cast import NOW, make_circle, make_post


def sight(who, post):
    return next((seen.sight for seen in visible_to(Viewer(who.pk), at=NOW).filter(pk=post.pk)), 0)


def test_a_circle_begins_empty(cast):
    circle = circles.make(cast.rose, name="  Our   group ")

    assert circle.name == "Our group"
    assert circles.members(circle) == []


@pytest.mark.parametrize(
    ("name", "same"), [("Family", "FAMILY"), ("Ärzte", "ärzte"), ("Семья", "семья")]
)
def test_two_of_the_same_name_would_be_mixed_up(cast, name, same):
    circle = circles.make(cast.rose, name=name)

    with pytest.raises(circles.NameTaken):
        circles.make(cast.rose, name=same)
    circles.rename(circle, name=same)
    assert circles.make(cast.tom, name=name)


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

    circles.remove_member(circle, cast.nan.pk, at=NOW)

    assert sight(cast.nan, post) == Sight.NOTHING
    narrowing = Narrowing.objects.get()
    assert narrowing.kind == Narrowing.Kind.REMOVED_FROM_CIRCLE
    assert narrowing.subject == {"circle": str(circle.pk), "account": str(cast.nan.pk)}


def test_taking_out_whoever_is_not_in_it_writes_nothing_down(cast):
    circle = make_circle(cast.rose)

    circles.remove_member(circle, cast.nan.pk, at=NOW)

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


LATER = NOW + timedelta(days=1)


def published(cast, circle, at):
    return make_post(cast.rose, words_for=[circle], photographs_for=[circle], at=at)


def test_from_now_on_shuts_what_was_published_before_and_opens_what_comes(cast):
    circle = make_circle(cast.rose)
    before, then = published(cast, circle, NOW - timedelta(days=1)), published(cast, circle, NOW)

    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    assert sight(cast.nan, before) == Sight.NOTHING
    assert sight(cast.nan, then) == Sight.WORDS


def test_a_letter_closed_and_opened_again_is_still_from_before(cast):
    circle = make_circle(cast.rose)
    before = published(cast, circle, NOW - timedelta(days=1))
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    closing.close(before, by=cast.rose, at=LATER)
    closing.reopen(before, by=cast.rose, at=LATER)

    assert sight(cast.nan, before) == Sight.NOTHING


def test_the_past_can_be_opened_later_and_shut_again(cast):
    circle = make_circle(cast.rose)
    before = published(cast, circle, NOW - timedelta(days=1))
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    circles.show_earlier_letters(circle, cast.nan.pk)
    opened = sight(cast.nan, before)
    circles.hide_earlier_letters(circle, cast.nan.pk, at=LATER)

    assert opened == Sight.WORDS
    assert sight(cast.nan, before) == Sight.NOTHING
    assert Narrowing.objects.get().kind == Narrowing.Kind.FROM_NOW_ON


def test_a_restore_shuts_the_past_again(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    before = published(cast, circle, NOW - timedelta(days=1))
    subject = {"circle": str(circle.pk), "account": str(cast.nan.pk)}

    replaying.replay(Narrowing.Kind.FROM_NOW_ON, subject, at=LATER)

    assert sight(cast.nan, before) == Sight.NOTHING


def test_adding_again_opens_nothing_that_was_shut(cast):
    circle = make_circle(cast.rose)
    before = published(cast, circle, NOW - timedelta(days=1))
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    circles.add(circle, cast.nan, at=LATER)

    assert sight(cast.nan, before) == Sight.NOTHING


def test_whoever_is_named_besides_sees_the_past_all_the_same(cast):
    circle = make_circle(cast.rose)
    before = make_post(cast.rose, words_for=[circle, cast.nan], at=NOW - timedelta(days=1))

    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    assert sight(cast.nan, before) == Sight.WORDS


def test_by_name_only_those_are_said_whom_it_reaches(cast):
    circle = make_circle(cast.rose, of=[cast.ines])
    before = published(cast, circle, NOW - timedelta(days=1))
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    assert audiences.named_people(before) == {cast.ines.pk}
    assert set(preview.people_now(before)) == {cast.ines}


def test_a_draft_is_for_whoever_is_in_the_circle_when_it_is_published(cast):
    circle = make_circle(cast.rose)
    draft = make_post(cast.rose, state=Post.State.DRAFT, words_for=[circle])
    circles.add(circle, cast.nan, at=NOW, from_now_on=True)

    publishing.publish(draft, by=cast.rose, at=LATER)

    assert sight(cast.nan, draft) == Sight.WORDS
    assert Notice.objects.get().recipient_id == cast.nan.pk
