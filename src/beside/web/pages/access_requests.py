"""Whoever asks at a door, as those who decide meet them: a name, a reason, a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.models import AccessRequest
from beside.access.policy import Viewer, visible_to
from beside.posts.authorship import name_of
from beside.web.forms.door import REASONS
from beside.web.pages import letter
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Asked:
    """One asking that waits."""

    id: UUID
    name: str
    title: str
    reason: str
    words: str
    at: datetime


def asked_by(waiting: Iterable[AccessRequest], viewer: Viewer, *, at: datetime) -> list[Asked]:
    """The askings, for a page that only those who decide are given.

    Not everybody who decides for an author can read the letter: its title is for those who can.
    """
    waiting = list(waiting)
    posts = [one.post_id for one in waiting]
    read = set(visible_to(viewer, at=at).filter(pk__in=posts).values_list("pk", flat=True))
    writers = letter.writers_of(posts)
    reasons = {str(reason): str(label) for reason, label in REASONS}
    return [
        Asked(
            id=one.pk,
            name=name_of(one.asker),
            title=letter.title_of(one.post)
            if one.post_id in read
            else _("A letter by %(names)s")
            % {"names": in_a_row([writer.name for writer in writers[one.post_id]])},
            reason=reasons.get(one.reason, ""),
            words=one.words,
            at=one.asked_at,
        )
        for one in waiting
    ]
