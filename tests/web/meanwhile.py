"""Something that happens between any two statements of a page, as another process could make it happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CASCADE, PROTECT, SET_NULL, AutoField, Max, Model

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
    photos = [
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
    ]
    insert(photos)
    insert(
        Hold(photo=photo, account=account, kind=kind, wrapped=photo.pk.bytes)
        for photo in photos
        for kind in Hold.Kind
        for account in (cast.rose, cast.tom)
    )
    insert(
        Rendition(
            photo=photo, name=name, media_type="image/jpeg", width=480, height=320, stored_bytes=1
        )
        for photo in photos
        for name in ("w480", "jpeg")
    )
    last = PlacedPhoto.objects.filter(post=post).aggregate(
        position=Max("position"), number=Max("number")
    )
    insert(
        PlacedPhoto(
            post=post,
            photo=photo,
            position=(last["position"] or 0) + further,
            number=(last["number"] or 0) + further,
        )
        for further, photo in enumerate(photos[:number], 1)
    )


def insert(rows: Iterable[Model]) -> None:
    """As `bulk_create`, which takes longer than the pages do where it is called ten thousand times."""
    rows = list(rows)
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, AutoField)]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({names}) VALUES ({marks})",
            [
                [
                    field.get_db_prep_save(field.pre_save(row, add=True), connection)
                    for field in fields
                ]
                for row in rows
            ],
        )


def destroy(photo: UUID) -> None:
    """As `delete` once its holds are deleted, which takes longer than the pages do."""
    key = Photo._meta.pk.get_db_prep_value(photo, connection)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for relation in Photo._meta.related_objects:
            table, column = relation.related_model._meta.db_table, relation.field.column
            where = f"WHERE {quote(column)} = %s"
            if relation.on_delete is SET_NULL:
                cursor.execute(f"UPDATE {quote(table)} SET {quote(column)} = NULL {where}", [key])
                continue
            assert relation.on_delete in (CASCADE, PROTECT), relation
            assert not relation.related_model._meta.related_objects, relation
            cursor.execute(f"DELETE FROM {quote(table)} {where}", [key])
        cursor.execute(f"DELETE FROM {quote(Photo._meta.db_table)} WHERE id = %s", [key])


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
        last = PlacedPhoto.objects.filter(post=self.post).order_by("-position")
        for photo in last.values_list("photo_id", flat=True)[:1]:
            destroy(photo)
        newest = Photo.objects.filter(placed=None, portrait=None).order_by("-uploaded_at", "-pk")
        for photo in newest.values_list("pk", flat=True)[:1]:
            destroy(photo)


class Both:
    """By turns, one arrives and one goes."""

    def __init__(self, *acts: Act) -> None:
        self.acts, self.turn = acts, 0

    def __call__(self) -> None:
        self.acts[self.turn % len(self.acts)]()
        self.turn += 1
