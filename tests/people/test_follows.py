from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from beside.access.policy import Sight, Viewer, visible_to
from beside.access.profiles import people_known_to
from beside.notices.models import Notice
from beside.people import blocks, circles, follows
from beside.people.models import Follow, Narrowing
from tests.cast import NOW, make_circle, make_post

ASKED = Follow.State.REQUESTED
FOLLOWING = Follow.State.ACCEPTED


def test_asking_waits_for_an_answer_and_says_so_once(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.ask(cast.nan, cast.rose, at=NOW)

    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == ASKED
    assert follows.is_asked_by(cast.rose, cast.nan.pk)
    told = Notice.objects.get()
    assert (told.recipient, told.kind, told.about) == (
        cast.rose,
        Notice.Kind.FOLLOW_REQUESTED,
        cast.nan.pk,
    )


def what_the_asker_meets(cast) -> tuple:
    knows = people_known_to(cast.ada.pk).filter(pk=cast.rose.pk).exists()
    return follows.seen_by_follower(cast.ada, cast.rose.pk), knows


def test_taking_it_back_looks_the_same_whether_or_not_there_was_a_no(cast):
    met = []
    for is_declined in (False, True):
        Follow.objects.all().delete()
        follows.ask(cast.ada, cast.rose, at=NOW)
        if is_declined:
            follows.decline(cast.rose, cast.ada.pk, at=NOW)
        follows.withdraw(cast.ada, cast.rose.pk)
        met.append([what_the_asker_meets(cast)])
        assert not Notice.objects.exists()
        follows.ask(cast.ada, cast.rose, at=NOW)
        met[-1].append(what_the_asker_meets(cast))
        assert follows.is_asked_by(cast.rose, cast.ada.pk) == (not is_declined)
        assert Notice.objects.filter(recipient=cast.rose).exists() == (not is_declined)
        Notice.objects.all().delete()

    assert met == [[(None, False), (ASKED, True)]] * 2


def test_what_was_taken_back_cannot_be_answered_nor_what_was_answered_be_taken_back(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.withdraw(cast.nan, cast.rose.pk)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    withdrawn = follows.seen_by_follower(cast.nan, cast.rose.pk)

    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    follows.withdraw(cast.nan, cast.rose.pk)

    assert withdrawn is None
    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == FOLLOWING


def test_nobody_follows_themselves(cast):
    follows.ask(cast.nan, cast.nan, at=NOW)

    assert not Follow.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(follower=cast.nan, followed=cast.nan, asked_at=NOW)


def test_the_asker_has_no_way_to_a_yes(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)

    follows.accept(cast.nan, cast.rose.pk, at=NOW)

    assert Follow.objects.get().state == ASKED
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.update(state=FOLLOWING)


def test_a_yes_lets_them_follow_and_tells_them(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)

    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == FOLLOWING
    assert follows.followers_of(cast.rose) == [cast.nan]
    assert [(n.recipient, n.kind) for n in Notice.objects.all()] == [
        (cast.nan, Notice.Kind.FOLLOW_ACCEPTED)
    ]


def test_a_yes_can_put_them_into_a_circle(cast):
    circle = make_circle(cast.rose)
    follows.ask(cast.nan, cast.rose, at=NOW)

    follows.accept(cast.rose, cast.nan.pk, at=NOW, into=circle)

    assert circles.members(circle) == [cast.nan]


def test_following_gives_no_right(cast):
    post = make_post(cast.rose, words_for=[cast.tom])
    follows.ask(cast.nan, cast.rose, at=NOW)

    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    assert not visible_to(Viewer(cast.nan.pk), at=NOW).filter(pk=post.pk).exists()


def test_accepting_whoever_never_asked_does_nothing(cast):
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    assert not Follow.objects.exists()
    assert not Notice.objects.exists()


def test_whoever_is_declined_still_sees_that_they_asked(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)

    follows.decline(cast.rose, cast.nan.pk, at=NOW)
    follows.ask(cast.nan, cast.rose, at=NOW)

    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == ASKED
    assert not follows.is_asked_by(cast.rose, cast.nan.pk)
    assert not Notice.objects.exists()


def test_whoever_is_removed_sees_that_they_asked_and_cannot_ask_again(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    follows.remove(cast.rose, cast.nan.pk, at=NOW)
    follows.stop(cast.nan, cast.rose.pk)
    follows.ask(cast.nan, cast.rose, at=NOW)

    assert follows.seen_by_follower(cast.nan, cast.rose.pk) == ASKED
    assert follows.followers_of(cast.rose) == []
    assert not Notice.objects.exists()
    narrowing = Narrowing.objects.get()
    assert narrowing.kind == Narrowing.Kind.FOLLOWER_REMOVED
    assert narrowing.subject == {"follower": str(cast.nan.pk), "followed": str(cast.rose.pk)}


def test_removing_twice_is_once(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    follows.remove(cast.rose, cast.nan.pk, at=NOW)
    follows.remove(cast.rose, cast.nan.pk, at=NOW)

    assert Narrowing.objects.count() == 1


def test_whoever_stops_can_ask_again(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    follows.stop(cast.nan, cast.rose.pk)

    assert follows.seen_by_follower(cast.nan, cast.rose.pk) is None
    follows.ask(cast.nan, cast.rose, at=NOW)
    assert follows.is_asked_by(cast.rose, cast.nan.pk)


def test_a_change_of_mind_after_a_no_is_a_yes(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.decline(cast.rose, cast.nan.pk, at=NOW)

    follows.accept(cast.rose, cast.nan.pk, at=NOW)

    assert follows.followers_of(cast.rose) == [cast.nan]


def test_asking_across_a_block_does_nothing_whoever_blocked(cast):
    blocks.block(cast.rose, cast.nan, at=NOW)

    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.ask(cast.rose, cast.nan, at=NOW)

    assert not Follow.objects.exists()
    assert not Notice.objects.exists()


def test_a_post_for_the_circle_of_followers_is_theirs_only_through_the_circle(cast):
    circle = make_circle(cast.rose, "People I let follow me")
    post = make_post(cast.rose, words_for=[circle])
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW, into=circle)

    seen = visible_to(Viewer(cast.nan.pk), at=NOW).get(pk=post.pk)

    assert seen.sight == Sight.WORDS
