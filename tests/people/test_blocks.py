from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from beside.access.policy import Viewer, visible_to
from beside.access.profiles import people_known_to
from beside.notices.models import Notice
from beside.people import blocks, circles, follows
from beside.people.models import Block, Follow, Narrowing
from beside.posts.models import Audience
from tests.cast import NOW, make_circle, make_post


def sees(who, post):
    return visible_to(Viewer(who.pk), at=NOW).filter(pk=post.pk).exists()


@pytest.mark.parametrize("blocker_writes", [True, False])
def test_neither_sees_anything_of_the_other_past_included(cast, blocker_writes):
    writer, reader = (cast.rose, cast.nan) if blocker_writes else (cast.nan, cast.rose)
    circle = make_circle(writer, of=[reader])
    posts = [
        make_post(writer, words_for=Audience.ANYONE),
        make_post(writer, words_for=[reader]),
        make_post(writer, words_for=[circle]),
    ]
    assert all(sees(reader, post) for post in posts)

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert not any(sees(reader, post) for post in posts)


def test_neither_can_open_the_others_page(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert cast.rose not in people_known_to(cast.nan.pk)
    assert cast.nan not in people_known_to(cast.rose.pk)


def test_following_ends_both_ways_and_each_is_out_of_the_others_circles(cast):
    hers, theirs = make_circle(cast.rose, of=[cast.nan, cast.tom]), make_circle(cast.nan)
    circles.add(theirs, cast.rose, at=NOW)
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.ask(cast.rose, cast.nan, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert not Follow.objects.exists()
    assert circles.members(hers) == [cast.tom]
    assert circles.members(theirs) == []
    assert not Notice.objects.exists()


def test_blocking_is_written_down_once(cast):
    blocks.block(cast.rose, cast.nan, at=NOW)
    blocks.block(cast.rose, cast.nan, at=NOW)

    narrowing = Narrowing.objects.get()
    assert narrowing.kind == Narrowing.Kind.BLOCKED
    assert narrowing.subject == {"blocker": str(cast.rose.pk), "blocked": str(cast.nan.pk)}


def test_nobody_blocks_themselves(cast):
    blocks.block(cast.rose, cast.rose, at=NOW)

    assert not Block.objects.filter(blocker=cast.rose).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(blocker=cast.rose, blocked=cast.rose, at=NOW)


def test_unblocking_brings_no_follow_and_no_circle_back(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[circle])
    blocks.block(cast.rose, cast.nan, at=NOW)

    blocks.unblock(cast.rose, cast.nan.pk)

    assert not blocks.is_between(cast.rose, cast.nan)
    assert not sees(cast.nan, post)


def test_a_letter_by_name_is_theirs_again_after_unblocking(cast):
    post = make_post(cast.rose, words_for=[cast.nan])
    blocks.block(cast.rose, cast.nan, at=NOW)

    blocks.unblock(cast.rose, cast.nan.pk)

    assert sees(cast.nan, post)


def test_only_ones_own_block_can_be_ended(cast):
    blocks.block(cast.rose, cast.nan, at=NOW)

    blocks.unblock(cast.nan, cast.rose.pk)

    assert blocks.is_between(cast.rose, cast.nan)


def test_the_people_one_has_blocked_are_ones_own_to_see(cast):
    blocks.block(cast.rose, cast.nan, at=NOW)

    assert blocks.blocked_by(cast.rose) == [cast.nan]
    assert blocks.blocked_by(cast.nan) == []


def test_nobody_is_told(cast):
    blocks.block(cast.rose, cast.nan, at=NOW)

    assert not Notice.objects.exists()
