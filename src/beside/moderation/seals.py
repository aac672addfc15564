"""A moderator opens a sealed response that doesn't concern them, with a reason, or makes a file of it for an authority.

Each opening is in the trail, and recorded where the authors see it, before anything is shown. Which seals concern
somebody is for `responses.seals` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from beside.access import trail
from beside.moderation.looks import NoReason
from beside.people import moderators, suspensions
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.responses import seals
from beside.responses.models import Seal
from beside.responses.seals import NoSuchSeal


def openable_by(moderator: Account, *, at: datetime) -> QuerySet[Seal]:
    """The seals that `moderator` may open. Raises `NotAModerator`."""
    if not moderators.is_moderator(moderator):
        raise NotAModerator
    return seals.open_to_moderator(moderator, at=at)


def get(seal_id: UUID, *, by: Account, at: datetime) -> Seal:
    """One of them, closed. Raises `NotAModerator` and `NoSuchSeal`."""
    seal = openable_by(by, at=at).select_related("writer__profile").filter(pk=seal_id).first()
    if seal is None:
        raise NoSuchSeal
    return seal


def files_wanted_of(moderator: Account, *, at: datetime) -> QuerySet[Seal]:
    """The seals of which authors have asked for a file, which `moderator` can make. Raises `NotAModerator`."""
    wanted = openable_by(moderator, at=at).filter(file_wanted_at__isnull=False)
    return wanted.order_by("file_wanted_at", "pk")


@transaction.atomic
def read(seal_id: UUID, *, reason: str, by: Account, at: datetime) -> Mapping[str, str]:
    """What a seal contains. Raises `NoReason`, `NotAModerator` and `NoSuchSeal`."""
    seal = _opened(seal_id, reason=reason, by=by, at=at)
    return seals.read_any(seal, by=by, reason=reason, at=at)


@transaction.atomic
def as_file(seal_id: UUID, *, reason: str, by: Account, at: datetime) -> dict[str, bytes]:
    """The files for an authority, by name, once an author has asked for them. Raises what `read` does."""
    seal = _opened(seal_id, reason=reason, by=by, at=at)
    return seals.any_as_file(seal, by=by, reason=reason, at=at)


def has_opened(seal: Seal, moderator: Account) -> bool:
    """Whether `moderator` has opened `seal`, and so knows who wrote it."""
    return seal.openings.filter(by=moderator).exists()


@transaction.atomic
def close_place_of_writer(seal_id: UUID, *, because: str, by: Account, at: datetime) -> None:
    """Suspend whoever wrote a seal that `by` has opened; they read `because`.

    Raises `NotAModerator`, `NoSuchSeal`, and `suspensions.HostCannotBeSuspended`.
    """
    moderators.require(by)
    seal = get(seal_id, by=by, at=at)
    if seal.writer_id is None or not has_opened(seal, by):
        raise NoSuchSeal
    suspensions.suspend(seal.writer_id, because=because, at=at)


def _opened(seal_id: UUID, *, reason: str, by: Account, at: datetime) -> Seal:
    """The seal, locked, once its opening is in the trail."""
    if not reason.strip():
        raise NoReason
    moderators.require(by)
    seal = seals.locked(openable_by(by, at=at), seal_id)
    if seal is None:
        raise NoSuchSeal
    trail.append(moderator=by.pk, report=None, seal=seal.pk, reason=reason.strip(), at=at)
    return seal
