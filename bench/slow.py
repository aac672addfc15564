"""2,000 idle or slow sockets of each kind beside twenty ordinary readers, who mustn't notice.

    python -m bench.slow [--sockets 2000] [--seconds 20] [--kinds body upload] [--check]

For each kind: the ordinary readers alone, then beside the slow sockets. What counts is the slowest
hundredth of their answers (p99) in the second beside the first, and the server's memory. Everything
is on loopback; slow sockets come from addresses of their own, twenty from each, as a hundred
strangers would, and the ordinary readers from twenty others. With `--check` only the answers count,
not their times, and nothing is written down.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.reporting import Table
from bench.slow_sockets import KINDS, Slow
from bench.start import environment, is_well, shares
from tests.serving import BESIDE, free_port

READERS = 20
GOAL_RATIO, GOAL_MB = 2.0, 400
# Of a reader between two answers: people look at what they have got.
_PAUSE_S = 0.2


def main() -> int:
    """Measure each kind against the same server, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    # Enough of them to take every slot that there is for one person several times over.
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--original-mb", type=int, default=24)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    table = Table(
        "slow",
        [
            "kind",
            "sockets open",
            "p99 quiet (ms)",
            "p99 beside (ms)",
            "times",
            "answers",
            "wrong",
            "MB",
        ],
    )
    missed = 0
    with tempfile.TemporaryDirectory(prefix="beside-slow-") as folder:
        place = _place(environment(Path(folder), free_port()), asked)
        for kind in asked.kinds:
            missed += _measure(kind, Path(folder), place, asked, table)
    if not asked.check:
        table.finish()
    return 1 if missed else 0


def _measure(
    kind: str, folder: Path, place: dict[str, Any], asked: argparse.Namespace, table: Table
) -> int:
    port = free_port()
    server = subprocess.Popen(
        [BESIDE, "serve"], env=environment(folder, port), stdout=subprocess.DEVNULL
    )
    try:
        while not is_well(port):
            time.sleep(0.05)
        found = asyncio.run(_compared(kind, port, place, asked, server.pid))
    finally:
        server.terminate()
        server.wait()
    quiet, beside, opened, wrong, memory = found
    times = _p99(beside) / _p99(quiet)
    table.add(
        kind,
        opened,
        round(_p99(quiet) * 1000),
        round(_p99(beside) * 1000),
        round(times, 2),
        len(beside),
        wrong,
        round(memory),
    )
    print(f"{kind}: {times:.2f} times, {memory:.0f} MB", file=sys.stderr, flush=True)
    if asked.check:
        print(f"{kind}: {len(beside)} answers, {wrong} wrong, beside {opened} slow sockets")
        return int(wrong > 0 or not beside)
    return int(times > GOAL_RATIO or wrong > 0 or memory > GOAL_MB)


def _place(environ: dict[str, str], asked: argparse.Namespace) -> dict[str, Any]:
    """A letter with photographs, an original and an archive, made by a process that has the place's settings."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.slow_place", str(asked.people), str(asked.original_mb)],
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
    )
    told: dict[str, Any] = json.loads(made.stdout)
    return told


async def _compared(
    kind: str, port: int, place: dict[str, Any], asked: argparse.Namespace, pid: int
) -> tuple[list[float], list[float], int, int, float]:
    await _read(port, place, 3)
    quiet, _ = await _read(port, place, asked.seconds)
    slow = Slow(kind, port, place)
    await slow.open(asked.sockets)
    holding = asyncio.create_task(slow.hold())
    memory = asyncio.create_task(_most_memory(pid))
    beside, wrong = await _read(port, place, asked.seconds)
    opened = slow.still_open()
    for task in (holding, memory):
        task.cancel()
    slow.close()
    await asyncio.gather(holding, memory, return_exceptions=True)
    return quiet, beside, opened, wrong, _most


_most = 0.0


async def _most_memory(pid: int) -> None:
    global _most
    _most = 0.0
    while True:
        _most = max(_most, sum(shares(pid).values()))
        await asyncio.sleep(1)


async def _read(port: int, place: dict[str, Any], seconds: float) -> tuple[list[float], int]:
    """How long each answer took, to the last byte, and how many weren't what was asked for."""
    ends = time.monotonic() + seconds
    took: list[float] = []
    wrong = 0

    async def read(number: int) -> None:
        nonlocal wrong
        turn = number
        while time.monotonic() < ends:
            path = place["ordinary"][turn % len(place["ordinary"])]
            turn += 1
            began = time.perf_counter()
            wrong += not await _whole(port, f"127.0.1.{number + 1}", path, place["cookie"])
            took.append(time.perf_counter() - began)
            await asyncio.sleep(_PAUSE_S)

    await asyncio.gather(*(read(number) for number in range(READERS)))
    return took, wrong


async def _whole(port: int, address: str, path: str, cookie: str) -> bool:
    try:
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(address, 0)
            )
            lines = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
            writer.write(f"{lines}Connection: close\r\n\r\n".encode())
            answer = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError):
        return False
    head, _, body = answer.partition(b"\r\n\r\n")
    said = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return b" 200 " in head[:20] and bool(said) and len(body) == int(said[0].split(b":")[1])


def _p99(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.99)]


if __name__ == "__main__":
    sys.exit(main())
