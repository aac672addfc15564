from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import dj_database_url
import psycopg
import pytest
from django.db import connection

from beside.cli.backups import snapshots
from beside.cli.tables.databases import opened, sqlite_address
from beside.cli.tables.layout import layout_of, make, make_newest
from beside.cli.tables.rows import RowMissing, RowRefused, copy_rows, rows_of
from beside.notices.preference_models import QuietHours
from beside.people.models import Account, Narrowing
from beside.people.sign_in_models import AccountChange, GuessCounter
from beside.photos.models import Photo, Tombstone
from beside.posts.models import Authorship, Post
from tests.cli import databases

ODD = "Zoë \U0001f90d\u200d\U0001f9e1 \u202eabc\u2066 'quoted\" %s \\ \ufdfd\t\r\n\u2028"
LONG = "An afternoon in March. " * 50_000
EXACT = datetime(2026, 3, 14, 15, 9, 26, 535_897, UTC)


@pytest.fixture
def with_migrations(settings, django_db_blocker):
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def sqlite(with_migrations, tmp_path):
    with opened(sqlite_address(tmp_path / "one"), alias="one") as one:
        make_newest(one)
        yield one


@pytest.fixture
def name() -> Iterator[str]:
    name = databases.make()
    yield name
    databases.drop(name)


@pytest.fixture
def postgresql(with_migrations, name):
    with opened(dj_database_url.parse(databases.url(name)), alias="other") as other:
        yield other


def make_post(alias: str, **fields) -> Post:
    days = {"begun_at": EXACT, "saved_at": EXACT, "written_on": date(9999, 12, 31)}
    return Post.objects.using(alias).create(**days | fields)


def odd_rows(alias: str) -> None:
    """A row with each kind of value at its edges."""
    somebody = Account.objects.using(alias).create(email="zoë@home.example", password="x" * 128)
    post = make_post(alias, words=LONG + ODD, narrowed_from={"a": [None, 1.5, {}]})
    Authorship.objects.using(alias).create(post=post, account=somebody, joined_at=EXACT)
    make_post(alias, title=ODD[:80], written_on=date(1, 1, 1), closed_at=EXACT, signers={"ö": None})
    QuietHours.objects.using(alias).create(
        account=somebody, begins=time(23, 59, 59, 999_999), ends=time(0)
    )
    Photo.objects.using(alias).create(
        uploader=somebody, uploaded_at=datetime(1, 1, 1, tzinfo=UTC), original_bytes=2**63 - 1
    )
    kept = Narrowing.objects.using(alias)
    for subject in ({}, [], "", 0, False, {"é\U0001f90d": ["\\u0000", "\x7f", 2**53]}):
        kept.create(
            kind=Narrowing.Kind.BLOCKED, subject=subject, at=datetime.max.replace(tzinfo=UTC)
        )
    for digest in (b"\0" * 32, bytes(range(32)), b"\xff"):
        GuessCounter.objects.using(alias).create(
            limit="", whose=digest, began_at=EXACT.replace(microsecond=1)
        )
    AccountChange.objects.using(alias).create(account=somebody, kind="address", at=EXACT)


def everything(connection, layout) -> dict[str, list]:
    """All rows, with bytes as bytes."""
    return {
        table._meta.db_table: sorted(
            (
                tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
                for row in rows_of(table, connection)
            ),
            key=repr,
        )
        for table in layout.tables
    }


def test_each_value_is_the_same_in_either_database_and_back(sqlite, postgresql, tmp_path):
    odd_rows(sqlite.alias)
    layout = layout_of(sqlite)
    there = everything(sqlite, layout)
    assert sum(len(rows) > 0 for rows in there.values()) >= 7

    make(layout, postgresql)
    copy_rows(layout, sqlite, postgresql, only={})
    with opened(sqlite_address(tmp_path / "back"), alias="back") as back:
        make(layout_of(postgresql), back)
        copy_rows(layout_of(postgresql), postgresql, back, only={})
        again = everything(back, layout)

    assert everything(postgresql, layout) == there
    assert again == there


def test_a_character_that_postgresql_cannot_keep_is_seen_to_be_missing(sqlite, postgresql):
    Narrowing.objects.using(sqlite.alias).create(kind="blocked", subject={"a\0": ["b\0"]}, at=EXACT)
    post = make_post(sqlite.alias, words="one\0two")
    layout = layout_of(sqlite)

    make(layout, postgresql)
    copy_rows(layout, sqlite, postgresql, only={})

    assert Post.objects.using(postgresql.alias).get(pk=post.pk).words == "one\ufffdtwo"
    assert Narrowing.objects.using(postgresql.alias).get().subject == {"a\ufffd": ["b\ufffd"]}


def test_a_row_that_is_refused_leaves_no_other(sqlite, postgresql):
    Account.objects.using(sqlite.alias).create(email="a@home.example")
    with sqlite.cursor() as cursor:
        cursor.execute("UPDATE people_account SET password = %s", ["x" * 129])
    layout = layout_of(sqlite)
    make(layout, postgresql)

    with pytest.raises(RowRefused, match=r"people_account .*too long"):
        copy_rows(layout, sqlite, postgresql, only={})

    assert not any(everything(postgresql, layout).values())


def test_rows_that_name_what_is_not_there_are_refused(sqlite, postgresql):
    with sqlite.constraint_checks_disabled():
        Authorship.objects.using(sqlite.alias).create(
            post_id=uuid.uuid4(), account_id=uuid.uuid4(), joined_at=EXACT
        )
    layout = layout_of(sqlite)
    make(layout, postgresql)

    with pytest.raises(RowMissing):
        copy_rows(layout, sqlite, postgresql, only={})

    assert not any(everything(postgresql, layout).values())


def test_a_number_that_was_given_is_not_given_again(sqlite, postgresql, tmp_path):
    numbered = Narrowing.objects.using(sqlite.alias)
    numbered.bulk_create(Narrowing(kind="blocked", subject={}, at=EXACT) for _ in range(3))
    numbered.all().delete()
    layout = layout_of(sqlite)
    make(layout, postgresql)

    copy_rows(layout, sqlite, postgresql, only={})
    given = Narrowing.objects.using(postgresql.alias).create(kind="b", subject={}, at=EXACT).pk
    with opened(sqlite_address(tmp_path / "back"), alias="back") as back:
        make(layout, back)
        copy_rows(layout, postgresql, back, only={})
        then = Narrowing.objects.using("back").create(kind="b", subject={}, at=EXACT).pk

    assert (given, then) == (4, 5)


def test_a_snapshot_is_of_one_moment_whatever_is_written_meanwhile(
    with_migrations, name, tmp_path, monkeypatch
):
    address = databases.url(name)
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        make_newest(connection)
        Tombstone.objects.create(
            photo_id=uuid.uuid4(), account_id=uuid.uuid4(), kind=1, generation=2, at=EXACT
        )

        def meanwhile(*how, **more):
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("DELETE FROM photos_tombstone")
            make(*how, **more)

        monkeypatch.setattr(snapshots, "make", meanwhile)
        with snapshots.snapshot(tmp_path) as plain, opened(sqlite_address(plain), alias="s") as s:
            assert Tombstone.objects.using(s.alias).count() == 1
        assert Tombstone.objects.count() == 0
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
