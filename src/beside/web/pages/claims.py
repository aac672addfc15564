"""Claims ("I am in this photograph"): for those who write one, who read it first, and whose letter it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from beside.access import claims
from beside.access.models import Claim
from beside.access.policy import SeenPost, Viewer
from beside.people.models import Account
from beside.people.names import isolated
from beside.photos import hidden
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.web import numbers
from beside.web.forms.claims import ClaimForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class ClaimPage:
    """Writing to the authors of a letter about one of its photographs."""

    post: Post
    form: ClaimForm
    authors: str
    is_read_first: bool


@dataclass(frozen=True)
class Line:
    """One open claim. `which` is the ordinal of its photograph, empty if that isn't in the letter any more.

    `says` is its description, empty if it is hidden from the author who reads this.
    """

    id: UUID
    name: str
    address: str
    words: str
    at: datetime
    which: str
    says: str


@dataclass(frozen=True)
class LetterClaimsPage:
    """The open claims about one letter, for its authors."""

    post: Post
    lines: Sequence[Line]


@dataclass(frozen=True)
class ToRead:
    """A claim for somebody who reads it before the authors do, whose names are in `to`."""

    claim: Claim
    to: str


@dataclass(frozen=True)
class ClaimsToReadPage:
    """The claims that wait for somebody who reads first."""

    lines: Sequence[ToRead]


def claim_form(
    data: QueryDict | None, post: SeenPost, viewer: Viewer, *, at: datetime
) -> ClaimForm:
    """The form, with a choice for each photograph that `viewer` sees. Raises `NothingToSee` if they see none."""
    photos = claims.photographs_in(post, viewer, at=at)
    places = [(photo.pk, numbers.ordinal(place)) for place, photo in enumerate(photos, 1)]
    return ClaimForm(data, photos=places)


def claim_page(post: Post, form: ClaimForm) -> ClaimPage:
    """The page on which a claim is written."""
    return ClaimPage(
        post=post,
        form=form,
        authors=in_a_row([name_of(author) for author in authors_of(post)]),
        is_read_first=claims.screeners_of(post).exists(),
    )


def claims_to_read_page(account: Account) -> ClaimsToReadPage:
    """The claims that `account` reads first."""
    waiting = claims.waiting_for(account).select_related("post")
    return ClaimsToReadPage(
        [
            ToRead(claim, in_a_row([name_of(one) for one in authors_of(claim.post)]))
            for claim in waiting
        ]
    )


def letter_claims_page(post: Post, account: Account) -> LetterClaimsPage:
    """The open claims about a letter of `account`. Raises `NotAnAuthor`."""
    order = list(post.placed.order_by("position").values_list("photo_id", flat=True))
    places = {photo: numbers.ordinal(place) for place, photo in enumerate(order, 1)}
    open_claims = claims.of(post.pk, by=account).select_related("photo")
    closed = hidden.hidden_from(account, order)
    return LetterClaimsPage(post, [_line(claim, places, closed) for claim in open_claims])


def _line(claim: Claim, places: dict[UUID, str], closed: set[UUID]) -> Line:
    return Line(
        id=claim.pk,
        name=isolated(claim.name),
        address=claim.address,
        words=claim.words,
        at=claim.sent_at,
        which=places.get(claim.photo_id, "") if claim.photo_id else "",
        says=claim.photo.description if claim.photo and claim.photo.pk not in closed else "",
    )
