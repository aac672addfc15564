"""The page on which a letter is taken back, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts.models import Post
from beside.web.pages import reach


@dataclass(frozen=True)
class TakingBackPage:
    """What the author is told. `taken_back_at` is None until the letter is taken back."""

    id: UUID
    others: str
    has_photographs: bool
    is_veiled: bool
    taken_back_at: datetime | None


def taking_back_page(post: Post, viewer: Account) -> TakingBackPage:
    """The page of `post` for its author `viewer`."""
    return TakingBackPage(
        id=post.pk,
        others=reach.others_in_words(post, viewer),
        has_photographs=post.placed.exists(),
        is_veiled=post.veiled,
        taken_back_at=post.taken_back_at,
    )
