"""Which files of a backup are read whole in which run, so that each is within four weeks.

To read all of them each night would take hours. The files are in 256 parts of equal size, by their random names, and a file
beside them says when each part was read last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from beside.cli.backups.destination import Destination

WITHIN = timedelta(days=28)
PARTS = 256
# In a run each night; enough for two nights to be missed.
_AT_LEAST = 10
_LONG_AGO = "0001-01-01T00:00:00+00:00"


class Rotation:
    """When each part of the backup at `destination` was last read whole."""

    def __init__(self, destination: Destination) -> None:
        self._destination = destination
        self._read = _parsed(destination.record())

    def due(self, *, at: datetime) -> set[int]:
        """The parts to be read in a run at `at`: more if the last was long ago."""
        known = {part: min(self._when(part), at) for part in range(PARTS)}
        last = max(known.values())
        share = ceil(PARTS * min(1.0, (at - last) / WITHIN))
        oldest = sorted(known, key=lambda part: (known[part], part))
        # One that was never read isn't overdue: after an upgrade all would be, in the first night.
        overdue = {part for part in self._read if at - known[part] >= WITHIN}
        if not self._read:
            share = 0
        return overdue | set(oldest[: max(_AT_LEAST, share)])

    def were_read(self, parts: Iterable[int], *, at: datetime) -> None:
        """Record it. Raises `OSError`."""
        self._read |= dict.fromkeys(parts, at)
        said = {f"{part:02x}": moment.isoformat() for part, moment in sorted(self._read.items())}
        self._destination.keep_record(json.dumps(said).encode())

    def _when(self, part: int) -> datetime:
        return self._read.get(part, datetime.fromisoformat(_LONG_AGO))


def part_of(blob: UUID) -> int:
    """The part that a file is in."""
    return blob.bytes[0]


def _parsed(record: bytes) -> dict[int, datetime]:
    """What is recorded; nothing where that can't be read, and then everything is read anew."""
    try:
        said = json.loads(record)
        return {int(part, 16): datetime.fromisoformat(moment) for part, moment in said.items()}
    except (ValueError, AttributeError, TypeError):
        return {}
