"""Adding photographs to a letter that has been published, without closing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access import capability
from beside.access.policy import with_openness
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import drafting
from beside.posts.models import Post
from beside.web.forms.approvals import MessageForm
from beside.web.http.request import Request
from beside.web.pages import approvals, reach
from beside.web.pages.approvals import Question
from beside.web.pages.drawer_photographs import in_drawer

SMALL = "w480"
# The newest; older ones are put into a letter from the drawer's own pages.
MOST = 60


@dataclass(frozen=True)
class Choice:
    """A photograph of the drawer that can be added. `address` is a capability."""

    id: UUID
    address: str
    width: int
    height: int
    description: str
    is_chosen: bool


@dataclass(frozen=True)
class MorePhotographsPage:
    """The photographs to choose from. `asks` names the authors who must agree first; `needs` says why it can't be done."""

    id: UUID
    choices: Sequence[Choice]
    is_shown: bool
    is_veiled: bool
    asks: str
    form: MessageForm
    question: Question | None
    needs: str


def choices(account: Account, post: Post) -> list[Photo]:
    """The photographs in the drawer that may be added to `post`: developed, not hidden, put here by one of its authors."""
    authors = post.authorships.values("account")
    found = in_drawer(account).filter(state=Photo.State.READY, uploader__in=authors)
    return list(found.exclude(hidden_photos__account=account)[:MOST])


def more_photographs_page(
    post: Post,
    form: MessageForm,
    request: Request,
    *,
    chosen: Sequence[UUID] = (),
    at: datetime,
    needs: str = "",
) -> MorePhotographsPage:
    """The page of `post` for its author, who sent `request`. `chosen` are ticked already."""
    viewer, seen_as = request.account, request.viewer
    ids = [photo.pk for photo in choices(viewer, post)]
    seen = with_openness(Photo.objects.filter(pk__in=ids), seen_as, at=at).in_bulk()
    return MorePhotographsPage(
        id=post.pk,
        choices=[
            Choice(
                id=pk,
                address=capability.issue(seen[pk], SMALL, viewer=seen_as, at=at),
                width=seen[pk].width or 1,
                height=seen[pk].height or 1,
                description=seen[pk].description,
                is_chosen=pk in chosen,
            )
            for pk in ids
            if pk in seen and seen[pk].is_open
        ],
        is_shown=post.state == Post.State.PUBLISHED,
        is_veiled=post.veiled,
        asks=reach.others_in_words(post, viewer) if drafting.has_readers(post) else "",
        form=form,
        question=approvals.question(post, viewer, at=at),
        needs=needs,
    )
