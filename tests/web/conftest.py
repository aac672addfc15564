"""Browsers of the cast, a letter with folded photographs, and a test place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from beside.posts.models import Addendum, PlacedPhoto, Post
from tests.cast import NOW, make_cast, make_photo, make_post
from tests.web.browsing import browser
from tests.web.meanwhile import rolled_back_at_the_end
from tests.web.place import Place, make_place


@pytest.fixture
def rose(cast):
    return browser(cast.rose)


@pytest.fixture
def tom(cast):
    return browser(cast.tom)


@pytest.fixture
def both(cast):
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words_for=[cast.nan])


@pytest.fixture
def letter(cast):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_photo(cast.rose)],
    )


@pytest.fixture
def visit(cast):
    def do(name: str | None) -> Client:
        client = Client(HTTP_HOST="localhost")
        if name:
            client.force_login(cast[name])
        return client

    return do


@pytest.fixture
def photos(cast):
    return [
        make_photo(cast.rose, description="Two hands on a sheet.", caption="In the second week.")
        for _ in range(3)
    ]


@pytest.fixture
def post(cast, photos) -> Post:
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan, cast.ines],
        photographs_for=[cast.nan],
        photos=photos,
        words="The first passage.\n\n[photograph 2]\n\nThe second passage.",
        note="The room, and his blanket.",
        note_shows=["hospital", "died"],
    )
    for number, placed in enumerate(post.placed.order_by("position"), 1):
        PlacedPhoto.objects.filter(pk=placed.pk).update(number=number)
    Addendum.objects.create(
        post=post,
        photo=photos[0],
        author=cast.rose,
        words="Said of this one.",
        added_at=NOW,
        added_on=NOW.date(),
    )
    Addendum.objects.create(
        post=post, author=cast.tom, words="Said of it all.", added_at=NOW, added_on=NOW.date()
    )
    return post


@pytest.fixture
def nothing_counted_yet(db):
    """Limits count in the cache, which no rollback empties."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def made_place(
    django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[tuple[Place, Path]]:
    """A place and its data folder, made once for all tests of a module, as making one takes a second.

    Its rows are in a transaction that no test commits, around those that Django rolls back after each.
    """
    told = settings.BESIDE.model_copy(update={"data": tmp_path_factory.mktemp("place") / "data"})
    around = rolled_back_at_the_end()
    with django_db_blocker.unblock(), override_settings(BESIDE=told):
        around.__enter__()
        place = make_place(make_cast())

    yield place, told.data

    with django_db_blocker.unblock():
        around.__exit__(None, None, None)


@pytest.fixture
def place(made_place: tuple[Place, Path], own_place: Path, db) -> Place:
    """A place of this test's own: a copy of what was made for its module."""
    place, data = made_place
    shutil.copytree(data, own_place)
    return deepcopy(place)
