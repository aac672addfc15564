"""What a place of 10,000, a million or a hundred million people needs, and what is short first. Run: `python -m bench.growth`.

A simulation: what people do in a day is assumed, below and by name, and what each of it costs was measured by the script that
stands beside it. `docs/scale.md` says what follows. Change a line and run it again.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bench.reporting import Table

PEOPLE = (10_000, 1_000_000, 100_000_000)
DAY_S = 86_400
# The busiest hour has three times its share of a day.
PEAK = 3


@dataclass(frozen=True, slots=True)
class Assumed:
    """What people do. Nobody has measured it: it stands here so that it can be doubted."""

    authors_of_people: float = 0.2
    photographs_of_author: float = 150
    original_bytes: float = 4e6
    # All renditions of one photograph.
    renditions_bytes: float = 0.8e6
    letters_of_author: float = 8
    visits_a_day: float = 0.15
    pages_of_visit: float = 6
    photographs_of_visit: float = 12
    sent_of_photograph: float = 200e3
    uploads_of_author_a_day: float = 0.05
    # Taken back or destroyed: each replaces the epoch key.
    endings_of_author_a_day: float = 0.001


@dataclass(frozen=True, slots=True)
class Measured:
    """What one of each takes, in seconds of one core of the machine that `docs/performance.md` names, and what measured it."""

    page: float = 0.041  # bench.scale: a person's page, a letter is 0.029, Home 0.106
    photograph: float = (
        0.0011  # bench.delivery on PostgreSQL, before a connection of delivery's own
    )
    developing: float = 1.3  # bench.intake: 12 megapixels
    ending_of_author_key: float = 12e-6  # bench.keyring: 24 ms for 2,000 authors
    rule_in_database: float = 0.001  # PostgreSQL's own share of a photograph
    page_in_database: float = 0.008
    row_bytes: float = (
        4_000  # of a photograph, its holds and renditions with their indexes (bench.scale's tables)
    )


@dataclass(frozen=True, slots=True)
class Prices:
    """Euro a month, as public clouds ask in 2026, rounded; a place of its own machines pays a third or less."""

    core: float = 12
    gigabyte_of_rows: float = 0.2
    gigabyte_of_objects: float = 0.02
    gigabyte_sent: float = 0.05


def main() -> int:
    """Print it for each size."""
    table = Table("growth", ["people", "what", "needs", "unit"])
    for people in PEOPLE:
        for what, (needs, unit) in needed(people).items():
            table.add(f"{people:,}", what, float(f"{needs:.3g}"), unit)
    table.finish()
    return 0


def needed(people: int, assumed: Assumed | None = None) -> dict[str, tuple[float, str]]:
    """What a place of so many people needs, by name, with its unit."""
    does, takes, asks = assumed or Assumed(), Measured(), Prices()
    authors = people * does.authors_of_people
    photographs = authors * does.photographs_of_author
    visits = people * does.visits_a_day * PEAK / DAY_S
    pages, sent = visits * does.pages_of_visit, visits * does.photographs_of_visit
    uploads = authors * does.uploads_of_author_a_day * PEAK / DAY_S
    endings = authors * does.endings_of_author_a_day * PEAK / DAY_S
    cores = {
        "cores of nodes for pages": pages * takes.page,
        "cores of nodes for photographs": sent * takes.photograph,
        "cores of workers": uploads * takes.developing,
        "cores of the database": pages * takes.page_in_database + sent * takes.rule_in_database,
    }
    one_ending = authors * takes.ending_of_author_key
    rows = photographs * takes.row_bytes / 1e9
    objects = photographs * (does.original_bytes + does.renditions_bytes) / 1e9
    sent_gb = (
        people * does.visits_a_day * does.photographs_of_visit * does.sent_of_photograph * 30 / 1e9
    )
    euro = sum(cores.values()) * 2 * asks.core + rows * 3 * asks.gigabyte_of_rows
    euro += objects * 2 * asks.gigabyte_of_objects + sent_gb * asks.gigabyte_sent
    return {
        "pages a second, in the busiest hour": (pages, "/s"),
        "photographs a second": (sent, "/s"),
        **{name: (needs, "cores") for name, needs in cores.items()},
        "connections of nodes (20 for two cores)": (20 * max(1, sum(cores.values()) / 2), ""),
        "one replacement of the epoch key": (one_ending, "s"),
        "of each second, keys are being replaced": (endings * one_ending, "s"),
        "rows": (rows, "GB"),
        "sealed files": (objects, "GB"),
        "euro a month for a thousand authors' families": (euro / authors * 1000, "€"),
    }


if __name__ == "__main__":
    sys.exit(main())
