"""How many pages and photographs one, two and three nodes answer on this machine, whose cores they and their clients share.

    python -m bench.nodes [--seconds 6] [--rounds 3]

Three nodes run all the time, each with one server process and a worker, on one PostgreSQL and one object store; one, two or all three are asked. wrk asks
each node by itself, so no balancer is measured. More nodes than cores can't answer more: what is shown is what a further node costs where
it brings no core, and that nothing that nodes share holds them up.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.reporting import Table
from tests.nodes.several import Node, several

CONNECTIONS = 12
NODES = (1, 2, 3)
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)")


def main() -> int:
    """Measure by turns, and print the median of the rounds with the least and most."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        print("This needs wrk. On Debian: apt install wrk")
        return 1
    table = Table("nodes", ["what", "nodes", "per second", "of one node", "load"])
    with _nodes() as (nodes, told):
        paths = dict(
            zip(
                ("Home", "photograph, 30 KB", "help", "photograph, 200 KB"),
                told["ordinary"],
                strict=True,
            )
        )
        for what, path in paths.items():
            rates, loads = _measured(nodes, path, told["cookie"], asked)
            alone = median(rates[1])
            for count in NODES:
                each = [rate / one for rate, one in zip(rates[count], rates[1], strict=True)]
                shown = f"{median(rates[count]) / alone:.2f} ({min(each):.2f} to {max(each):.2f})"
                table.add(what, count, round(median(rates[count])), shown, round(median(loads), 1))
    table.finish()
    return 0


@contextmanager
def _nodes() -> Iterator[tuple[list[Node], dict[str, Any]]]:
    with (
        tempfile.TemporaryDirectory(prefix="beside-bench-") as folder,
        several(Path(folder), clocks=(0, 0, 0)) as place,
    ):
        # Home, as one who was away for long waits for it, and not for what is too slow.
        making = [sys.executable, "-m", "bench.slow_place", "1", "1"]
        made = subprocess.run(
            making, env=place.nodes[0].environ, check=True, stdout=subprocess.PIPE
        )
        for node in place.nodes:
            node.start()
        place.wait_until_well()
        yield place.nodes, json.loads(made.stdout)


def _measured(
    nodes: list[Node], path: str, cookie: str, asked: argparse.Namespace
) -> tuple[dict[int, list[float]], list[float]]:
    rates: dict[int, list[float]] = defaultdict(list)
    loads = []
    # Each node's connections have prepared what is asked by then.
    _rate(nodes, path, cookie, asked.seconds)
    for number in range(asked.rounds):
        for count in NODES[:: -1 if number % 2 else 1]:
            rates[count].append(_rate(nodes[:count], path, cookie, asked.seconds))
            loads.append(os.getloadavg()[0])
    return rates, loads


def _rate(nodes: list[Node], path: str, cookie: str, seconds: int) -> float:
    """Answers a second of these nodes together, with as many connections in all however many they are."""
    each = CONNECTIONS // len(nodes)
    asking = [
        subprocess.Popen(
            [
                "wrk",
                "-t1",
                f"-c{each}",
                f"-d{seconds}s",
                "--timeout",
                "30s",
                "-H",
                f"Cookie: {cookie}",
                f"http://127.0.0.1:{node.port}{path}",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        for node in nodes
    ]
    said = [one.communicate()[0] for one in asking]
    failed = [found[1] for text in said if (found := _FAILED.search(text))]
    assert not failed, f"{path}: {failed} answers were refusals"
    return sum(float(found[1]) for text in said if (found := _RATE.search(text)))


if __name__ == "__main__":
    sys.exit(main())
