"""An author's own letters that only their authors can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts import drafting


@dataclass(frozen=True)
class Line:
    """One letter in the list. `words` are how it begins, for one without a title."""

    id: UUID
    title: str
    words: str
    state: str
    saved_at: datetime


@dataclass(frozen=True)
class LettersPage:
    """Drafts, and letters that were closed or taken back."""

    letters: Sequence[Line]


def letters_page(account: Account) -> LettersPage:
    """The letters of `account` that nobody but their authors can see, the latest first."""
    return LettersPage(
        [
            Line(post.pk, post.title, post.words, post.state, post.saved_at)
            for post in drafting.kept_by(account)
        ]
    )
