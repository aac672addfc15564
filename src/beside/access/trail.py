"""The trail of moderators' looks and of the seals that they open: a chain of entries, each with the digest of the one before.

Whoever changes or removes an entry breaks the chain, and `beside verify` says where. Somebody who can write to the database
and knows the program could write a new chain; what the authors have read under News stays theirs.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access.models import TrailEntry, TrailHead
from beside.posts.models import Post


@transaction.atomic
def append(
    *, moderator: UUID, report: UUID | None, reason: str, at: datetime, **about: UUID | None
) -> TrailEntry:
    """Add an entry after the last one. Entries that are added at once follow each other.

    `about` is what was shown, by the names of the entry's fields: a `post` with or without `photo`, a `response`,
    or a `seal`.
    """
    TrailHead.objects.get_or_create(pk=TrailHead.ONLY)
    head = TrailHead.objects.select_for_update().get(pk=TrailHead.ONLY)
    salt = secrets.token_hex(16)
    entry = TrailEntry(
        number=head.number + 1,
        at=at,
        moderator=moderator,
        report=report,
        reason=reason,
        salt=salt,
        reason_digest=_digest_of_reason(salt, reason),
        previous=head.digest,
        **about,
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    TrailHead.objects.filter(pk=head.pk).update(number=entry.number, digest=entry.digest)
    return entry


def of_post(post_id: UUID) -> QuerySet[TrailEntry]:
    """The entries about one letter, newest first."""
    return TrailEntry.objects.filter(post=post_id).order_by("-number")


def of_response(response_id: UUID) -> QuerySet[TrailEntry]:
    """The entries about one response, newest first."""
    return TrailEntry.objects.filter(response=response_id).order_by("-number")


def looked_at(responses: Iterable[UUID]) -> set[UUID]:
    """Those of these responses at which a moderator has looked."""
    found = TrailEntry.objects.filter(response__in=list(responses))
    return {pk for pk in found.values_list("response", flat=True) if pk is not None}


def last_at() -> datetime | None:
    """When the last look was written down."""
    return TrailEntry.objects.order_by("-number").values_list("at", flat=True).first()


def of_lost_letters() -> Q:
    """Whether an entry is about a letter that no longer exists."""
    there = Post.objects.filter(pk=OuterRef("post"))
    return Q(post__isnull=False) & ~Q(Exists(there))


def faults(*, without_subject: Q) -> Iterator[tuple[int, str]]:
    """Everything that is wrong with the chain: the number of an entry, and a sentence about it.

    `without_subject` says which entries are about something that no longer exists: these may lack their reason.
    """
    number, digest = 0, ""
    for entry in TrailEntry.objects.order_by("number").iterator():
        if entry.number != number + 1:
            yield number + 1, "It is missing from the trail of looks."
        elif entry.previous != digest or entry.digest != _digest(entry):
            yield entry.number, "It was changed, or the one before it was."
        elif not _keeps_reason(entry, without_subject):
            yield entry.number, "Its reason was changed or removed."
        number, digest = entry.number, entry.digest
    head = TrailHead.objects.filter(pk=TrailHead.ONLY).first()
    if (head.number if head else 0, head.digest if head else "") != (number, digest):
        yield number, "It isn't the last entry that was written."


def _keeps_reason(entry: TrailEntry, without_subject: Q) -> bool:
    if entry.reason:
        return entry.reason_digest == _digest_of_reason(entry.salt, entry.reason)
    return TrailEntry.objects.filter(without_subject, pk=entry.pk).exists()


def _digest(entry: TrailEntry) -> str:
    shown = [entry.post, entry.photo, entry.response, entry.seal]
    ids = [entry.moderator, entry.report, *shown]
    covered = [
        entry.previous,
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        *(str(one) if one else "" for one in ids),
        entry.reason_digest,
    ]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()


def _digest_of_reason(salt: str, reason: str) -> str:
    return hashlib.sha256(f"{salt}\0{reason}".encode()).hexdigest()
