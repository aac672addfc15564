"""What an act of the state machine is made of, and the list that the modules `acts_*` fill."""

from __future__ import annotations

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.access.facts import Fact

if TYPE_CHECKING:
    from tests.access.scenario import Scenario

Grown = Callable[[str | None, int], bool]


class NothingToDo(Exception):
    """The act found nothing to act on, so that this step did nothing."""


def never(who: str | None, post: int) -> bool:
    """The act lets nobody see more."""
    return False


@dataclass(frozen=True)
class Meant:
    """What an act means to do. Everything else must stay as it was.

    `adds` and `ends` are facts; facts whose first word is in `besides` aren't compared. `may_grow` says who may
    come to see more of which post. `records` are rows of the log of narrowings (None: not compared), `forgets`
    those that go from it. `tells` are notices; those in `may_tell` may be there or not.
    """

    adds: AbstractSet[Fact] = frozenset()
    ends: AbstractSet[Fact] = frozenset()
    may_grow: Grown = never
    besides: tuple[str, ...] = ()
    records: Collection[Fact] | None = frozenset()
    forgets: AbstractSet[Fact] = frozenset()
    tells: AbstractSet[Fact] = frozenset()
    may_tell: AbstractSet[Fact] = frozenset()


@dataclass
class Question:
    """Something was asked of all authors of a post: what the post was then, and who has agreed."""

    row: Any
    post: AbstractSet[Fact]
    becomes: AbstractSet[Fact]
    asked_at: datetime
    yes: set[str]


@dataclass
class Invited:
    """Somebody is invited to be a co-author of a post, and these authors have agreed."""

    row: Any
    who: str
    by: str
    yes: set[str] = field(default_factory=set)


Doing = Callable[["Scenario"], Meant | None]
Needs = Callable[["Scenario"], object]


@dataclass(frozen=True)
class Act:
    """One thing that people do, how often it is chosen, and what has to be there for it."""

    do: Doing
    weight: int
    needs: Needs
    narrows: bool

    @property
    def name(self) -> str:
        return self.do.__name__


ACTS: list[Act] = []


def act(
    *, weight: int = 2, needs: Needs = lambda scenario: True, narrows: bool = False
) -> Callable[[Doing], Doing]:
    """Add a function to `ACTS`. An act that `narrows` may be refused to nobody but strangers to the post."""

    def add(do: Doing) -> Doing:
        ACTS.append(Act(do, weight, needs, narrows))
        return do

    return add
