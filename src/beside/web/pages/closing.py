"""The page on which a letter is closed, or opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts.models import Post
from beside.web.forms.approvals import MessageForm
from beside.web.pages import approvals, reach
from beside.web.pages.approvals import Question
from beside.web.pages.reach import Summary


@dataclass(frozen=True)
class ClosingPage:
    """`needs` says why it can't be opened; `asks` names the authors who must agree first."""

    id: UUID
    is_closed: bool
    is_shown: bool
    summary: Summary
    needs: str
    asks: str
    question: Question | None
    form: MessageForm


def closing_page(
    post: Post, viewer: Account, form: MessageForm, *, at: datetime, needs: str = ""
) -> ClosingPage:
    """The page of `post` for its author `viewer`."""
    return ClosingPage(
        id=post.pk,
        is_closed=post.state == Post.State.CLOSED,
        is_shown=post.state == Post.State.PUBLISHED,
        summary=reach.summary(post, viewer),
        needs=needs,
        asks=approvals.asks_others(post, viewer),
        question=approvals.question(post, viewer, at=at),
        form=form,
    )
