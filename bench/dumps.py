"""How many rows a second a backup of PostgreSQL, a restore into it and a move copy. Run: `python -m bench.dumps`.

The same rows go from PostgreSQL into a SQLite file, from there into another PostgreSQL, and are summed as a move sums them.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import dj_database_url
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from bench.reporting import Table  # noqa: E402
from beside.cli.tables.databases import opened, sqlite_address  # noqa: E402
from beside.cli.tables.layout import layout_of, make, make_newest  # noqa: E402
from beside.cli.tables.rows import copy_rows  # noqa: E402
from beside.cli.tables.sums import sums_of  # noqa: E402
from beside.photos.models import Tombstone  # noqa: E402
from beside.posts.models import Post  # noqa: E402
from tests.postgres import Cluster  # noqa: E402

HALF = 50_000
WORDS = "We knew from about four in the afternoon. " * 12


def main() -> None:
    """Make the rows, copy them there and back, and say how long each way took."""
    with tempfile.TemporaryDirectory() as folder, Cluster({}) as cluster:
        _measure(Path(folder), cluster.make("one"), cluster.make("two"))


def _measure(folder: Path, one: str, two: str) -> None:

    table = Table("dumps", ["what", "rows a second, wall", "of processor time here"])
    with (
        opened(dict(dj_database_url.parse(one)), alias="one") as first,
        opened(sqlite_address(folder / "dump"), alias="dump") as dump,
        opened(dict(dj_database_url.parse(two)), alias="two") as second,
    ):
        make_newest(first)
        _fill(first.alias)
        layout = layout_of(first)
        for name, source, target in (
            ("PostgreSQL into a dump", first, dump),
            ("a dump into PostgreSQL", dump, second),
        ):
            make(layout, target)
            with _timed(table, name):
                copy_rows(layout, source, target, only={})
        with _timed(table, "summed on PostgreSQL"):
            there = sums_of(layout, second)
        with _timed(table, "summed in the dump"):
            assert sums_of(layout, dump) == there
    table.finish()


def _fill(alias: str) -> None:
    now = timezone.now()
    Post.objects.using(alias).bulk_create(
        (Post(words=WORDS, begun_at=now, saved_at=now, written_on=now.date()) for _ in range(HALF)),
        batch_size=1000,
    )
    Tombstone.objects.using(alias).bulk_create(
        (
            Tombstone(photo_id=uuid4(), account_id=uuid4(), kind=1, generation=2, at=now)
            for _ in range(HALF)
        ),
        batch_size=1000,
    )


@contextmanager
def _timed(table: Table, name: str) -> Iterator[None]:
    wall, own = time.perf_counter(), time.process_time()
    yield
    wall, own = time.perf_counter() - wall, time.process_time() - own
    table.add(name, round(2 * HALF / wall), round(2 * HALF / own))


if __name__ == "__main__":
    main()
