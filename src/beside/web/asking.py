"""Whoever asks at a door, as those who decide meet them: a name, a reason, a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access.models import AccessRequest
from beside.posts.authorship import name_of
from beside.web import reading
from beside.web.forms.door import REASONS


@dataclass(frozen=True)
class Asked:
    """One asking that waits."""

    id: UUID
    name: str
    title: str
    reason: str
    words: str
    at: datetime


def asked_by(waiting: Iterable[AccessRequest]) -> list[Asked]:
    """The askings, for a page that only those who decide are given."""
    reasons = {str(reason): str(label) for reason, label in REASONS}
    return [
        Asked(
            id=one.pk,
            name=name_of(one.asker),
            title=reading.title_of(one.post),
            reason=reasons.get(one.reason, ""),
            words=one.words,
            at=one.asked_at,
        )
        for one in waiting
    ]
