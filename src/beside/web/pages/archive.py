"""The page on which an archive is made: one's own, or another author's that may be handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.archive import exports
from beside.archive.contents import contents_of
from beside.archive.layout import layout_of
from beside.archive.models import Export
from beside.people.delegations import HandsOver
from beside.people.models import Account, Delegation
from beside.posts.authorship import name_of
from beside.web.forms.archive import ArchiveForm


@dataclass(frozen=True)
class HandOver:
    """What somebody for after may take: for whom they act, and which photographs it holds."""

    id: UUID
    name: str
    is_as_shown: bool


@dataclass(frozen=True)
class Ready:
    """An archive that can be fetched. `photo_bytes` is the size of its photographs."""

    id: UUID
    photo_bytes: int
    ends_at: datetime


@dataclass(frozen=True)
class Taken:
    """One's own archive, as somebody for after took it."""

    by: str
    at: datetime


@dataclass(frozen=True)
class ArchivePage:
    """One's own archive, with a `form`; or that of another author, with a `hand_over`."""

    ready: Ready | None
    form: ArchiveForm | None = None
    hand_over: HandOver | None = None
    taken: Sequence[Taken] = ()


def own_archive_page(account: Account, form: ArchiveForm, *, at: datetime) -> ArchivePage:
    """The page of one's own archive."""
    export = exports.available_to(account, at=at).filter(delegation=None).first()
    taken = [Taken(name_of(one.taken_by), one.made_at) for one in exports.handed_over(account)]
    return ArchivePage(_ready(export, at=at), form=form, taken=taken)


def hand_over_page(delegation: Delegation, taker: Account, *, at: datetime) -> ArchivePage:
    """The page of another author's archive, for `taker`, who may hand it over."""
    export = exports.available_to(taker, at=at).filter(delegation=delegation).first()
    is_as_shown = delegation.hands_over == HandsOver.SHOWN
    hand_over = HandOver(delegation.pk, name_of(delegation.author), is_as_shown)
    return ArchivePage(_ready(export, at=at), hand_over=hand_over)


def _ready(export: Export | None, *, at: datetime) -> Ready | None:
    if export is None:
        return None
    layout = layout_of(contents_of(export, at=at), export)
    return Ready(export.pk, sum(file.size for file in layout.pictures()), export.ends_at)
