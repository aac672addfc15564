"""Sealed responses: for the person who sealed them, and for the authors from whom they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.policy import NothingToSee
from beside.moderation.seals import has_opened
from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import name_of
from beside.responses import seals
from beside.responses.models import Seal, SealOpening
from beside.web.forms.reports import BecauseForm
from beside.web.forms.seals import ReasonForm
from beside.web.pages.people import Person, in_a_row
from beside.web.pages.responses import paragraphs


@dataclass(frozen=True)
class Made:
    """A seal for the person who made it: whose letter it was written to, and nothing of what it holds."""

    id: UUID
    sealed_at: datetime
    ends_at: datetime
    authors: str
    is_file_wanted: bool


@dataclass(frozen=True)
class SealsPage:
    """Everything that somebody has sealed, newest first."""

    seals: Sequence[Made]


@dataclass(frozen=True)
class Contents:
    """What a seal holds, once it has been opened. `pen_name` is empty if there was none."""

    writer: str
    pen_name: str
    sent_at: datetime
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class SealPage:
    """One seal. Until a reason has been given, `contents` is None."""

    seal: Made
    form: ReasonForm
    contents: Contents | None = None


@dataclass(frozen=True)
class ModeratedSealPage:
    """One seal for a moderator. `writer` is whose place can be closed, once this moderator has opened it."""

    seal: Made
    form: ReasonForm
    because: BecauseForm
    writer: Person | None
    contents: Contents | None = None


@dataclass(frozen=True)
class Opening:
    """When a seal was opened, by whom, and why; `is_file` if it was taken as a file."""

    by: str
    at: datetime
    reason: str
    is_file: bool


@dataclass(frozen=True)
class Kept:
    """A seal for an author: who made it, and who has opened it. `is_mine` if the author made it.

    `can_be_opened` by the person who made it while they are here, and otherwise, if `is_for_moderators`, by those
    moderators whom it doesn't concern.
    """

    id: UUID
    by: str
    is_mine: bool
    sealed_at: datetime
    ends_at: datetime
    openings: Sequence[Opening]
    file_wanted_at: datetime | None
    can_be_opened: bool
    is_for_moderators: bool


@dataclass(frozen=True)
class KeptFromYouPage:
    """Everything that is kept from an author, newest first. It never has a word or the name of a writer."""

    kept: Sequence[Kept]


AnySealPage = TypeVar("AnySealPage", SealPage, ModeratedSealPage)


def seals_page(reader: Account, *, at: datetime) -> SealsPage:
    """What `reader` has sealed."""
    return SealsPage([_made(seal) for seal in seals.made_by(reader, at=at)])


def seal_page(seal_id: UUID, reader: Account, form: ReasonForm, *, at: datetime) -> SealPage:
    """A seal of `reader`'s, closed. Raises `NothingToSee` if there is no such seal."""
    seal = seals.made_by(reader, at=at).filter(pk=seal_id).first()
    if seal is None:
        raise NothingToSee
    return SealPage(_made(seal), form)


def moderated_seal_page(
    seal: Seal, moderator: Account, form: ReasonForm, because: BecauseForm
) -> ModeratedSealPage:
    """A seal that comes from `moderation.seals.get`, closed."""
    writer = seal.writer
    can_be_closed = (
        writer is not None
        and not writer.is_host
        and writer.suspended_at is None
        and has_opened(seal, moderator)
    )
    person = Person(writer.pk, name_of(writer)) if writer and can_be_closed else None
    # Whose letter it was written to isn't said to moderators.
    made = replace(_made(seal), authors="")
    return ModeratedSealPage(made, form, because, person)


def opened(page: AnySealPage, read: Mapping[str, str]) -> AnySealPage:
    """The same page with what the seal holds, which comes from `seals.read`."""
    contents = Contents(
        writer=isolated(read["writer"]),
        pen_name=isolated(read["pen_name"]),
        sent_at=datetime.fromisoformat(read["sent_at"]),
        paragraphs=paragraphs(read["words"]),
    )
    return replace(page, contents=contents)


def kept_from_you_page(author: Account, *, at: datetime) -> KeptFromYouPage:
    """What is kept from `author`."""
    return KeptFromYouPage([_kept(seal, author) for seal in seals.kept_from(author, at=at)])


def _made(seal: Seal) -> Made:
    return Made(
        id=seal.pk,
        sealed_at=seal.sealed_at,
        ends_at=seal.ends_at,
        authors=in_a_row(sorted(name_of(author) for author in seal.authors.all())) or _("someone"),
        is_file_wanted=seal.file_wanted_at is not None,
    )


def _kept(seal: Seal, author: Account) -> Kept:
    sealer = seal.sealed_by
    is_gone = sealer is None or not seals.is_here(sealer)
    openings = sorted(seal.openings.all(), key=lambda opening: opening.at)
    return Kept(
        id=seal.pk,
        by=name_of(seal.sealed_by),
        is_mine=seal.sealed_by_id == author.pk,
        sealed_at=seal.sealed_at,
        ends_at=seal.ends_at,
        openings=[_opening(opening) for opening in openings],
        file_wanted_at=seal.file_wanted_at,
        can_be_opened=not is_gone or seals.moderators_for(seal).exists(),
        is_for_moderators=is_gone,
    )


def _opening(opening: SealOpening) -> Opening:
    return Opening(
        by=name_of(opening.by),
        at=opening.at,
        reason=isolated(opening.reason),
        is_file=opening.form == SealOpening.Form.FILE,
    )
