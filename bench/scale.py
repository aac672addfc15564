"""What a reader asks for, and what an author takes away, as the place grows to a million letters.

    python -m bench.scale [--database sqlite|postgresql] [--posts 10000 1000000] [--times 40]

The reader's own people stay the same: five hundred whom they follow, with ten letters each. Around
them the place grows; each other account has ten letters, and fifty circles with somebody in each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from bench.reporting import Table

FOLLOWED = 500
NARROWED = 20
# PostgreSQL plans a statement anew for its first six times on a connection.
TURNS, WARM = 4, 8
# Milliseconds, by what was asked or done and the number of letters there.
Took = dict[tuple[str, int], list[float]]
COLUMNS = [
    *("asked or done", "letters", "median ms", "of the smallest"),
    # The quickest time says what the place itself takes, whatever else the machine was doing.
    *("least ms", "of the smallest's least", "worst ms", "queries"),
]


def main() -> int:
    """What is asked and done in a place that grows."""
    return in_a_growing_place("scale", _measure)


def in_a_growing_place(name: str, measure: Callable[[list[int], int, Table], None]) -> int:
    """Call `measure` with the sizes, how many times, and the table, for one place in a folder of its own; then keep the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    on_sqlite = options.database == "sqlite"
    table = Table(name if on_sqlite else f"{name}-postgresql", COLUMNS)
    # While it grows, fewer checkpoints; all else as Debian sets it.
    settings = {"max_wal_size": "8GB"}
    started = nullcontext() if on_sqlite else import_module("tests.postgres").Cluster(settings)
    with tempfile.TemporaryDirectory(prefix="beside-bench-") as folder, started as cluster:
        set_up(Path(folder), url=cluster.make("beside") if cluster else "")
        measure(sorted(options.posts), options.times, table)
        import_module("django.db").connections.close_all()
    table.finish()
    return 0


def set_up(folder: Path, *, url: str) -> None:
    """Prepare a place in `folder`, on the database at `url` or on SQLite."""
    os.environ |= {
        "BESIDE_DATA": str(folder / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
        "BESIDE_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }
    import_module("django").setup()
    import_module("beside.cli.process.setup").prepare()


def _measure(sizes: list[int], times: int, table: Table) -> None:
    crowd = import_module("bench.crowd")
    known = import_module("bench.neighbours").make(FOLLOWED, crowd.LETTERS_EACH)
    places, everybody = _grown(sizes, Random("the same place each time"))
    took, queries = by_turns(places, known, everybody[:NARROWED], times=times)
    tell(table, took, queries)


def by_turns(
    places: dict[int, str], known: Any, some: list[Any], *, times: int
) -> tuple[Took, dict[str, int]]:
    """All sizes by turns, so that a machine that is busy for a while is so for each of them."""
    asking = import_module("bench.requests")
    took: Took = {}
    queries: dict[str, int] = {}
    for turn in range(TURNS):
        for posts, place in places.items():
            asking.move_to(place)
            for what, ask in asking.asked(known).items():
                took_of([ask] * WARM)
                took.setdefault((what, posts), []).extend(took_of([ask] * (times // TURNS)))
                queries[what] = queries_of(ask)
            for what, acts in asking.narrowed(some[turn::TURNS]).items():
                took.setdefault((what, posts), []).extend(took_of(acts))
    return took, queries


def tell(table: Table, took: Took, queries: dict[str, int]) -> None:
    """A row for each thing asked or done, at each size."""
    least = min(posts for _, posts in took)
    for (what, posts), measured in sorted(took.items()):
        row: list[Any] = [what, posts]
        for of in (statistics.median, min):
            here, there = of(measured), of(took[what, least])
            row += [round(here, 1), round(here / there, 2)]
        table.add(*row, round(max(measured), 1), queries.get(what, ""))


def _grown(sizes: list[int], random: Random) -> tuple[dict[int, str], list[Any]]:
    """The places by their number of letters, the largest last; and people who are in all of them."""
    crowd, asking = import_module("bench.crowd"), import_module("bench.requests")
    places: dict[int, str] = {}
    everybody: list[Any] = []
    there = FOLLOWED
    for posts in sizes:
        began = time.perf_counter()
        everybody += crowd.grow(posts // crowd.LETTERS_EACH - there, random=random)
        there = posts // crowd.LETTERS_EACH
        print(f"{posts} letters, after {time.perf_counter() - began:.0f} s", flush=True)
        places[posts] = asking.here() if posts == sizes[-1] else asking.copied(f"at_{posts}")
    return places, everybody


def took_of(acts: list[Callable[[], object]]) -> list[float]:
    """The milliseconds that each act took."""
    took = []
    for act in acts:
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return took


def queries_of(do: Callable[[], object]) -> int:
    """How many statements it runs."""
    connection: Any = import_module("django.db").connection
    with import_module("django.test.utils").CaptureQueriesContext(connection) as capture:
        do()
    return len(capture)


if __name__ == "__main__":
    sys.exit(main())
