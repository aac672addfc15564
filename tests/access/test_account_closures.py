from __future__ import annotations

from contextlib import ExitStack
from random import Random
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import given, note
from hypothesis import strategies as st

from beside.access.policy import Viewer
from beside.archive import account_closures
from beside.people.models import Account
from tests.access import plain
from tests.access.agreement import asked_for, sights
from tests.access.reading import world_of
from tests.access.world_rows import lay_down
from tests.access.worlds import NOW, World, imagine

ACTS = (account_closures.close, account_closures.close_and_destroy)


@pytest.mark.thorough
@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_whoever_leaves_widens_nothing_that_they_had_not_written_with_others(random):
    world = imagine(random)
    leaver, leave = random.choice(world.people), random.choice(ACTS)
    note(f"{leaver.id} leaves {world}")
    of_several = {
        post.id for post in world.posts if leaver in post.authors and len(post.authors) > 1
    }

    before, after, _ = _before_and_after(world, leaver, leave)

    for viewer, seen in after.items():
        grown = {post for post, sight in seen.items() if sight > before[viewer].get(post, 0)}
        assert grown <= of_several


@pytest.mark.thorough
@given(random=st.randoms(use_true_random=False))
@pytest.mark.django_db
def test_every_form_of_the_rule_agrees_once_somebody_has_left(random):
    world = imagine(random)
    leaver = random.choice(world.people)

    _, after, left = _before_and_after(world, leaver, account_closures.close_and_destroy)

    for viewer in left.viewers:
        expected = {post.id: plain.sight(left, viewer, post) for post in left.posts}
        found = after[Viewer(viewer.me and viewer.me.id, viewer.visit)]
        assert found == {post: sight for post, sight in expected.items() if sight}


def test_the_leavers_of_these_worlds_have_letters_alone_and_with_others():
    kinds = set()

    for seed in range(60):
        world = imagine(Random(seed))
        leaver = world.people[0]
        kinds |= {len(post.authors) > 1 for post in world.posts if leaver in post.authors}

    assert kinds == {True, False}


def _before_and_after(world: World, leaver, leave):
    """What each viewer sees of each letter before and after, and the world that is left. Leaves no row behind."""
    for person in world.people:
        person.portrait = None
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        # The keys of these worlds open nothing.
        stack.enter_context(
            patch("beside.photos.account_closures.destroy", lambda holds, *, at: holds.delete())
        )
        lay_down(world)
        before = _seen(world)
        leave(Account.objects.get(pk=leaver.id), at=NOW)
        left = world_of(at=NOW)
        after = _seen(left)
        transaction.set_rollback(True)
    return before, {viewer: after[viewer] for viewer in after if viewer in before}, left


def _seen(world: World):
    return {
        Viewer(viewer.me and viewer.me.id, viewer.visit): asked_for(
            sights(viewer.me is not None, viewer.visit is not None), viewer, at=NOW
        )
        for viewer in world.viewers
    }
