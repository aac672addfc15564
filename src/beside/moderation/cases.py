"""Cases: sealed responses that say the same, or nearly, to different families, whoever wrote them. No seal is opened for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from beside.moderation.seals import openable_by
from beside.people.models import Account
from beside.responses.likeness import NEARLY, digests_in, nearness
from beside.responses.models import Seal

# The newest that are compared: more would make the page slow, and the list too long to be read.
MOST = 2000


@dataclass(frozen=True)
class Sealed:
    """One seal of a case. `writer` and `family` number those who differ, from 1; `writer` is 0 without an account."""

    seal: Seal
    writer: int
    family: int


@dataclass(frozen=True)
class Case:
    """Seals alike, to at least two families, oldest first."""

    sealed: Sequence[Sealed]

    @property
    def is_by_one(self) -> bool:
        """Whether all of them are one account's."""
        return {one.writer for one in self.sealed} == {1}


def cases_for(moderator: Account, *, at: datetime) -> list[Case]:
    """The cases among the newest seals that `moderator` may open, the newest case first. Raises `NotAModerator`."""
    newest = openable_by(moderator, at=at).order_by("-sealed_at", "pk")
    seals = list(newest.prefetch_related("authors")[:MOST])
    seals.reverse()
    found = [_case(group) for group in _alike(seals)]
    cases = [case for case in found if len({one.family for one in case.sealed}) > 1]
    return sorted(cases, key=lambda case: case.sealed[-1].seal.sealed_at, reverse=True)


class _Groups:
    """Things that belong together, by what has been joined (a union-find)."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """What stands for the group that `one` is in."""
        parent = self._parents.setdefault(one, one)
        while parent != self._parents[parent]:
            self._parents[one] = self._parents[parent]
            one, parent = parent, self._parents[parent]
        return parent

    def join(self, some: Iterable[Hashable]) -> None:
        for one, other in pairwise(some):
            self._parents[self.of(one)] = self.of(other)


def _alike(seals: Sequence[Seal]) -> list[list[Seal]]:
    """The seals by what they say. What was written without a word is like nothing."""
    groups, with_words = _Groups(), [one for one in seals if bytes(one.sketch)]
    texts: dict[bytes, frozenset[bytes]] = {}
    for seal in with_words:
        texts.setdefault(bytes(seal.likeness), digests_in(bytes(seal.sketch)))
    for pair in _near(texts):
        groups.join(pair)
    found = defaultdict(list)
    for seal in with_words:
        found[groups.of(bytes(seal.likeness))].append(seal)
    return list(found.values())


def _near(texts: dict[bytes, frozenset[bytes]]) -> list[tuple[bytes, bytes]]:
    """Pairs of texts that are nearly the same, enough of them to tell which belong together.

    Of the texts that have a digest in common, in their order, only neighbours are compared, so that the number of
    comparisons grows with that of the texts, and not with its square.
    """
    holders: dict[bytes, list[bytes]] = defaultdict(list)
    for text, digests in texts.items():
        for digest in digests:
            holders[digest].append(text)
    pairs = {pair for holding in holders.values() for pair in pairwise(holding)}
    return [(one, other) for one, other in pairs if nearness(texts[one], texts[other]) >= NEARLY]


def _case(seals: Sequence[Seal]) -> Case:
    families, numbers = _Groups(), (_Numbers(), _Numbers())
    for seal in seals:
        families.join(_recipients(seal))
    return Case(
        [
            Sealed(
                seal,
                writer=numbers[0].of(seal.writer_id) if seal.writer_id else 0,
                family=numbers[1].of(families.of(_recipients(seal)[0])),
            )
            for seal in seals
        ]
    )


def _recipients(seal: Seal) -> list[UUID]:
    """Those for whom it was written; where all of them are gone, the seal stands for them."""
    return sorted(one.pk for one in seal.authors.all()) or [seal.pk]


class _Numbers:
    """Numbers things in the order in which they come, from 1."""

    def __init__(self) -> None:
        self._found: dict[Hashable, int] = {}

    def of(self, one: Hashable) -> int:
        return self._found.setdefault(one, len(self._found) + 1)
