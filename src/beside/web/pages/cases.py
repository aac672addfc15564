"""Cases for moderators: which seals are alike, without a word, a name or a letter of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.moderation import cases, seals
from beside.moderation.cases import Case, Sealed
from beside.people.models import Account
from beside.responses.models import Seal


@dataclass(frozen=True)
class Line:
    """One seal: when it was made, and in a case by whom and to whom it was written, without a name."""

    id: UUID
    sealed_at: datetime
    says: str = ""


@dataclass(frozen=True)
class CaseCard:
    """Seals that are alike, oldest first. `is_by_one` if all of them are one person's."""

    is_by_one: bool
    lines: Sequence[Line]


@dataclass(frozen=True)
class CasesPage:
    """What a moderator may have to open: files that authors ask for, and the cases, newest first."""

    files: Sequence[Line]
    cases: Sequence[CaseCard]


def cases_page(moderator: Account, *, at: datetime) -> CasesPage:
    """The page of `moderator`. Raises `NotAModerator`."""
    return CasesPage(
        files=[_file(seal) for seal in seals.files_wanted_of(moderator, at=at)],
        cases=[_card(case) for case in cases.cases_for(moderator, at=at)],
    )


def _file(seal: Seal) -> Line:
    return Line(seal.pk, seal.sealed_at)


def _card(case: Case) -> CaseCard:
    return CaseCard(case.is_by_one, [_line(one) for one in case.sealed])


def _line(one: Sealed) -> Line:
    if one.writer:
        says = _("To family %(family)s, by person %(writer)s")
    else:
        says = _("To family %(family)s, by somebody who has no account here")
    numbers = {"family": one.family, "writer": one.writer}
    return Line(one.seal.pk, one.seal.sealed_at, says % numbers)
