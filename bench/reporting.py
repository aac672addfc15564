"""A table on the terminal and the same as JSON in bench/results/, with the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
Value = str | int | float


class Table:
    """Rows of one measurement."""

    def __init__(self, name: str, columns: list[str]) -> None:
        self.name = name
        self.columns = columns
        self.rows: list[list[Value]] = []

    def add(self, *values: Value) -> None:
        """One more row, in the order of the columns."""
        self.rows.append(list(values))

    def finish(self) -> None:
        """Print it, and write `bench/results/<name>.json`."""
        lines = [self.columns, *([str(value) for value in row] for row in self.rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        print()
        for line in lines:
            print("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)))
        RESULTS.mkdir(exist_ok=True)
        told = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
        }
        (RESULTS / f"{self.name}.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def machine() -> dict[str, Value]:
    """What it ran on, as far as it matters to the figures."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if "model name" in line), "")
