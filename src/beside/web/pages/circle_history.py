"""Letters shared with a circle so far, which somebody who is being added might see too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from beside.people.models import Circle
from beside.people.names import isolated
from beside.posts.circle_history import SharedLetter


@dataclass(frozen=True)
class CircleHistoryPage:
    """What was shared with the circle, and who is being added: `person` (an id) or `email`."""

    circle_id: UUID
    circle: str
    letters: Sequence[SharedLetter]
    person: str
    email: str


def circle_history_page(
    circle: Circle, letters: Sequence[SharedLetter], person: object, email: object
) -> CircleHistoryPage:
    """The page is the same whoever is being added, so that an address tells nothing."""
    return CircleHistoryPage(
        circle.pk, isolated(circle.name), letters, str(person or ""), str(email or "")
    )
