"""Something that happens between any two statements of a page, as another process could make it happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from beside.photos.models import Hold, Photo, Rendition
from beside.posts.models import PlacedPhoto, Post
from tests.cast import NOW, Cast

Act = Callable[[], None]


@contextmanager
def between_statements(act: Act) -> Iterator[None]:
    """Inside the block, call `act` before every statement but the first. What `act` asks for itself doesn't count."""
    state = {"first": True, "acting": False}

    def wrapper(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_ours = state["acting"] or not sql.lstrip("( ").upper().startswith(("SELECT", "INSERT"))
        if not is_ours and not state["first"]:
            state["acting"] = True
            try:
                act()
            finally:
                state["acting"] = False
        state["first"] = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


class Arrivals:
    """Each call puts one more photograph into the letter, and one into the drawer of its first author."""

    def __init__(self, cast: Cast, post: Post) -> None:
        self.cast, self.post = cast, post

    def __call__(self) -> None:
        add_photographs(self.cast, self.post, 1)


def add_photographs(cast: Cast, post: Post, number: int) -> None:
    """Add so many photographs to the letter, and as many to the drawer, all of them held by Rose and Tom."""
    photos = Photo.objects.bulk_create(
        Photo(
            uploader=cast.rose,
            uploaded_at=NOW,
            kind="jpeg",
            width=1200,
            height=800,
            original_bytes=1000,
            state=Photo.State.READY,
        )
        for _ in range(2 * number)
    )
    Hold.objects.bulk_create(
        Hold(photo=photo, account=account, kind=kind, wrapped=photo.pk.bytes)
        for photo in photos
        for kind in Hold.Kind
        for account in (cast.rose, cast.tom)
    )
    Rendition.objects.bulk_create(
        Rendition(
            photo=photo, name=name, media_type="image/jpeg", width=480, height=320, stored_bytes=1
        )
        for photo in photos
        for name in ("w480", "jpeg")
    )
    last = PlacedPhoto.objects.filter(post=post).aggregate(
        position=Max("position"), number=Max("number")
    )
    PlacedPhoto.objects.bulk_create(
        PlacedPhoto(
            post=post,
            photo=photo,
            position=(last["position"] or 0) + further,
            number=(last["number"] or 0) + further,
        )
        for further, photo in enumerate(photos[:number], 1)
    )


def rolled_back_at_the_end() -> transaction.Atomic:
    """As Django marks its own around a test: what a view must commit by itself still may be."""

    class RolledBack(transaction.Atomic):
        def __exit__(self, *fault: Any) -> None:
            transaction.set_rollback(True)
            super().__exit__(*fault)

    block = RolledBack(using=None, savepoint=True, durable=False)
    block._from_testcase = True
    return block


class Departures:
    """Each call destroys one photograph of the letter, the last first, and one of the drawer's newest."""

    def __init__(self, post: Post) -> None:
        self.post = post

    def __call__(self) -> None:
        last = PlacedPhoto.objects.filter(post=self.post).order_by("-position").first()
        if last is not None:
            self._destroy(last.photo_id)
        newest = Photo.objects.filter(placed=None, portrait=None).order_by("-uploaded_at", "-pk")
        if (kept := newest.first()) is not None:
            self._destroy(kept.pk)

    def _destroy(self, photo: object) -> None:
        Hold.objects.filter(photo=photo).delete()
        Photo.objects.filter(pk=photo).delete()


class Both:
    """By turns, one arrives and one goes."""

    def __init__(self, *acts: Act) -> None:
        self.acts, self.turn = acts, 0

    def __call__(self) -> None:
        self.acts[self.turn % len(self.acts)]()
        self.turn += 1
