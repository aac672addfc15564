"""What a photograph takes in a process that has just started, and after a while in which nobody asked.

    python -m bench.quiet [--quiet 300] [--times 3] [--processes 3] [--postgresql]

One server process on core 0 and the client on core 1, over loopback, as in `bench.delivery`. In each of several processes the
first photograph is asked for as soon as its port answers (or `--settle` seconds later), then ninety-nine more, one by one. After the last of them nobody
asks for `--quiet` seconds, and then for twenty photographs of 200 KB at once, each on a new connection.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.delivery import beside, place_in
from bench.reporting import Table
from tests.postgres import Cluster

SIZE, BYTES = "200 KB", 200_000
HUNDREDTH, AT_ONCE = 100, 20
GOAL_TIMES, GOAL_S = 3, 0.06


def main() -> int:
    """Measure, and write the table."""
    asked = _asked()
    os.sched_setaffinity(0, {1})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beside-bench-")))
        if asked.postgresql:
            cluster = stack.enter_context(Cluster({}))
            os.environ["BESIDE_DATABASE_URL"] = cluster.make("place")
        first, hundredth, together, after = asyncio.run(_measured(place_in(folder), asked))
    table = Table(
        "quiet-postgresql" if asked.postgresql else "quiet",
        ["what", "ms, median", "least", "most", "goal"],
    )
    _add(table, "the first photograph of a process", first)
    _add(table, "the hundredth (median of 91 to 100)", hundredth)
    times = [one / other for one, other in zip(first, hundredth, strict=True)]
    told = [round(one, 1) for one in (median(times), min(times), max(times))]
    table.add("the first, in times of the hundredth", *told, GOAL_TIMES)
    _add(table, "twenty at once, straight after", together)
    _add(table, f"twenty at once, after {asked.quiet:g} s of quiet", after, goal=GOAL_S)
    table.finish()
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quiet", type=float, default=300)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--settle", type=float, default=0, help="seconds before the first")
    parser.add_argument("--postgresql", action="store_true")
    return parser.parse_args()


def _add(table: Table, what: str, took_s: list[float], *, goal: float | str = "") -> None:
    told = [round(one * 1000, 1) for one in (median(took_s), min(took_s), max(took_s))]
    table.add(what, *told, goal and round(float(goal) * 1000))


async def _measured(place: dict[str, Any], asked: argparse.Namespace) -> tuple[list[float], ...]:
    first: list[float] = []
    hundredth: list[float] = []
    together: list[float] = []
    after: list[float] = []
    for number in range(asked.processes):
        with beside(None, place) as (paths, port, _pid):
            request = _request(place["paths"][SIZE, paths], place["cookie"])
            await asyncio.sleep(asked.settle)
            took = [await _one(port, request) for _ in range(HUNDREDTH)]
            first.append(took[0])
            hundredth.append(median(took[-10:]))
            together.append(await _twenty(port, request))
            if number == asked.processes - 1:
                for _ in range(asked.times):
                    await asyncio.sleep(asked.quiet)
                    after.append(await _twenty(port, request))
    return first, hundredth, together, after


def _request(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()


async def _twenty(port: int, request: bytes) -> float:
    """Seconds until the last of twenty, asked for at once, is there."""
    began = time.perf_counter()
    await asyncio.gather(*(_one(port, request) for _ in range(AT_ONCE)))
    return time.perf_counter() - began


async def _one(port: int, request: bytes) -> float:
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2 * BYTES)
    writer.write(request)
    answer = await reader.read(-1)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 200 " in head[:20], head
    assert len(body) == BYTES
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
