"""How soon a place answers, and how much memory it takes while nobody is there. Run: `python -m bench.start`."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from bench.reporting import Table
from tests.serving import BESIDE, free_port

TIMES = 5
IDLE_S = 20
GOAL_S, GOAL_MB = 2.0, 250


def main() -> None:
    """Start a new place once, and the same one again several times; then leave it alone for a while."""
    with tempfile.TemporaryDirectory() as folder:
        first, _ = started(Path(folder))
        later = [started(Path(folder))[0] for _ in range(TIMES)]
        _, memory = started(Path(folder), idle_s=IDLE_S)
    table = Table("start", ["what", "measured", "goal"])
    table.add("first start, tables made (s)", round(first, 2), "")
    table.add(f"start, median of {TIMES} (s)", round(median(later), 2), GOAL_S)
    for name, mb in memory.items():
        table.add(f"idle for {IDLE_S} s: {name} (MB)", round(mb), "")
    table.add("idle, all together (MB)", round(sum(memory.values())), GOAL_MB)
    table.finish()


def started(folder: Path, *, idle_s: float = 0) -> tuple[float, dict[str, float]]:
    """Seconds until the first healthy answer, and each process's share of memory after `idle_s`."""
    port = free_port()
    began = time.perf_counter()
    server = subprocess.Popen(
        [BESIDE, "serve"], env=environment(folder, port), stdout=subprocess.DEVNULL
    )
    try:
        while not is_well(port):
            time.sleep(0.01)
        took = time.perf_counter() - began
        time.sleep(idle_s)
        return took, shares(server.pid)
    finally:
        server.terminate()
        server.wait()


def shares(pid: int) -> dict[str, float]:
    """Proportional set sizes in MB: memory that processes share is counted once, in parts."""
    found = {"supervisor": share(pid)}
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    for child in (int(child) for listed in lists for child in listed.read_text("ascii").split()):
        name = process_name(child)
        found[name] = found.get(name, 0) + share(child)
    return found


def process_name(pid: int) -> str:
    """What a child of the supervisor is."""
    line = Path(f"/proc/{pid}/cmdline").read_bytes()
    if b"resource_tracker" in line:
        return "supervisor"
    return "worker" if b"worker" in line.split(b"\0") else "server"


def share(pid: int) -> float:
    """One process's proportional set size, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def environment(folder: Path, port: int) -> dict[str, str]:
    """A place in `folder`, whatever the machine has set; and bytecode is kept, as it is for a host."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "BESIDE_DATA": str(folder / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
    }


def is_well(port: int) -> bool:
    """Whether database, keyring, store and worker answer."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    main()
