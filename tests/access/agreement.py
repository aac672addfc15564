"""Compares every form of the access rule with the plain one, over one world."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Value
from django.utils import timezone

from beside.access import capability, compiled, openness
from beside.access.compiled import Statement
from beside.access.policy import (
    NothingToSee,
    Viewer,
    people_who_see,
    photographs_of,
    see,
    visible_to,
)
from beside.access.profiles import people_known_to
from beside.delivery.app import Delivery
from beside.finding import directory_entries, shelf
from beside.photos.models import Photo
from beside.posts.models import Post
from tests.access import plain
from tests.access.world_rows import lay_down
from tests.access.worlds import APost, Looking, World
from tests.delivery.client import ask


def hold_to_the_plain_rule(world: World, *, asked_afresh: Looking) -> None:
    """Raise AssertionError where any form differs from the plain rule. Leaves no row behind.

    Making a query takes far longer than asking it, so each is made once a process for each
    kind of viewer, and for one viewer of each world as a page would make it.
    """
    with transaction.atomic():
        lay_down(world)
        for viewer in world.viewers:
            _lists(world, viewer)
            compare_shelf(world, viewer, at=timezone.now())
            _people(world, viewer)
            compare_directory(world, viewer, at=timezone.now())
            _openness_in_posts(world, viewer)
        _one_letter(world, asked_afresh)
        _who_can_see(world)
        with patch.object(Delivery, "_bytes", lambda *_: b"sent"):
            _delivery(world)
        transaction.set_rollback(True)


def _as_viewer(viewer: Looking) -> Viewer:
    return Viewer(viewer.me and viewer.me.id, viewer.visit)


def _lists(world: World, viewer: Looking) -> None:
    statement = sights(viewer.me is not None, viewer.visit is not None)
    found = asked_for(statement, viewer, at=timezone.now())

    assert found == _visible(world, viewer)


def compare_shelf(world: World, viewer: Looking, *, at: datetime) -> None:
    """Raise AssertionError where somebody finds other letters on the shelf than the plain rule says."""
    statement = _shelf(viewer.me is not None, viewer.visit is not None)

    assert set(asked_for(statement, viewer, at=at)) == {
        post.id for post in world.posts if plain.is_on_the_shelf(world, viewer, post)
    }


def compare_directory(world: World, viewer: Looking, *, at: datetime) -> None:
    """Raise AssertionError where somebody finds other people in the directory than the plain rule says."""
    if viewer.me is None:
        assert not directory_entries.found_by(_as_viewer(viewer)).exists()
        return

    assert set(asked_for(_directory(), viewer, at=at)) == {
        person.id for person in world.people if plain.finds(world, viewer.me, person)
    }


def _openness_in_posts(world: World, viewer: Looking) -> None:
    """The forms that delivery asks first say yes to no more than the rule, and that for posts to no less in one."""
    statement = _open_in_posts(viewer.me is not None, viewer.visit is not None)
    found = asked_for(statement, viewer, at=timezone.now())
    sent = {photo.id for photo in world.photos if plain.is_sent(world, viewer, photo)}
    placed = {photo.id for post in world.posts for photo in post.photos}

    assert set(found) <= sent
    assert set(found) & placed == sent & placed
    if viewer.me is not None:
        assert set(asked_for(_open_for_named(), viewer, at=timezone.now())) <= sent


def _visible(world: World, viewer: Looking) -> dict:
    sights = {post.id: plain.sight(world, viewer, post) for post in world.posts}
    return {key: sight for key, sight in sights.items() if sight > plain.NOTHING}


def _people(world: World, viewer: Looking) -> None:
    found = asked_for(_known_to(viewer.me is not None), viewer, at=timezone.now())

    assert set(found) == {
        person.id for person in world.people if plain.may_open_page(world, viewer.me, person)
    }


def _one_letter(world: World, viewer: Looking) -> None:
    at, me = timezone.now(), _as_viewer(viewer)
    sent = {photo.id: plain.is_sent(world, viewer, photo) for photo in world.photos}
    visible = _visible(world, viewer)
    post = world.posts[0]

    assert dict(visible_to(me, at=timezone.now()).values_list("pk", "sight")) == visible
    try:
        seen = see(me, post.id, at=timezone.now())
    except NothingToSee:
        assert post.id not in visible
        return
    assert seen.sight == visible[post.id]
    lying = photographs_of(seen, me, at=at, met=seen.sight)
    expected = [(photo.id, sent[photo.id]) for photo in post.photos]
    assert [(photo.pk, photo.is_open) for photo in lying] == expected


def _who_can_see(world: World) -> None:
    post = world.posts[0]
    expected = {
        person.id: plain.sight(world, Looking(person, None), post)
        for person in world.people
        if person.is_active
    }

    found = dict(people_who_see(Post(pk=post.id)).values_list("pk", "sight"))

    assert found == {key: sight for key, sight in expected.items() if sight > plain.NOTHING}


def stand_in(signed_in: bool, in_a_visit: bool) -> Viewer:
    """A viewer of that kind, for a statement that is made once."""
    return Viewer(compiled.ACCOUNT if signed_in else None, compiled.SESSION if in_a_visit else None)


@lru_cache
def sights(signed_in: bool, in_a_visit: bool) -> Statement:
    """The statement that asks for the posts that a viewer of that kind sees, and how much of each."""
    posts = visible_to(stand_in(signed_in, in_a_visit), at=compiled.AT)
    return compiled.compiled(posts.values_list("pk", "sight"))


@lru_cache
def _open_in_posts(signed_in: bool, in_a_visit: bool) -> Statement:
    viewer = stand_in(signed_in, in_a_visit)
    photos = openness.with_openness_in_posts(Photo.objects.all(), viewer, at=compiled.AT)
    return compiled.compiled(photos.filter(is_open=True).values_list("pk", "is_open"))


@lru_cache
def _open_for_named() -> Statement:
    viewer = stand_in(signed_in=True, in_a_visit=True)
    photos = openness.with_openness_for_named(Photo.objects.all(), viewer, at=compiled.AT)
    return compiled.compiled(photos.filter(is_open=True).values_list("pk", "is_open"))


@lru_cache
def _shelf(signed_in: bool, in_a_visit: bool) -> Statement:
    found = shelf.found_by(stand_in(signed_in, in_a_visit), at=compiled.AT)
    return compiled.compiled(found.values_list("pk", "sight"))


@lru_cache
def _directory() -> Statement:
    found = directory_entries.found_by(stand_in(signed_in=True, in_a_visit=False))
    return compiled.compiled(found.annotate(one=Value(1)).values_list("pk", "one"))


@lru_cache
def _known_to(signed_in: bool) -> Statement:
    known = people_known_to(compiled.ACCOUNT if signed_in else None)
    return compiled.compiled(known.annotate(one=Value(1)).values_list("pk", "one"))


def asked_for(
    statement: Statement, viewer: Looking, *, at: datetime, post: APost | None = None
) -> dict[UUID, Any]:
    """The answer for this viewer: the second column by the id in the first."""
    values = {
        "account": viewer.me and compiled.from_uuid(viewer.me.id),
        "session": viewer.visit,
        "at": compiled.as_time(at),
        "post": post and compiled.from_uuid(post.id),
    }
    rows = connection.connection.execute(statement.sql, values).fetchall()
    return {compiled.as_uuid(key): value for key, value in rows}


def _delivery(world: World) -> None:
    for viewer in world.viewers:
        for photo in world.photos:
            said_open = SimpleNamespace(pk=photo.id, is_open=True)
            path = capability.issue(said_open, "w480", viewer=_as_viewer(viewer), at=timezone.now())
            answer = ask(path, session=viewer.visit)
            expected = plain.is_answered(world, viewer, photo)
            assert (answer.status, answer.body == b"sent") == ((404, 200)[expected], expected)
