"""What a letter's authors are shown of "I am in this photograph"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access import claims
from beside.people.models import Account
from beside.posts.models import Post
from beside.web import numbers


@dataclass(frozen=True)
class Line:
    """One that waits. `which` is the place of its photograph, while that lies in the letter."""

    id: UUID
    name: str
    address: str
    words: str
    at: datetime
    which: str
    says: str


def lines(post: Post, account: Account) -> Sequence[Line]:
    """What was written about the letter and is not settled. Raises `NotAnAuthor`."""
    order = list(post.placed.order_by("position").values_list("photo_id", flat=True))
    places = {photo: numbers.ordinal(place) for place, photo in enumerate(order, 1)}
    return [
        Line(
            id=claim.pk,
            name=claim.name,
            address=claim.address,
            words=claim.words,
            at=claim.sent_at,
            which=places.get(claim.photo_id, "") if claim.photo_id else "",
            says=claim.photo.description if claim.photo else "",
        )
        for claim in claims.of(post.pk, by=account).select_related("photo")
    ]
