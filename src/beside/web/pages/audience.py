"""The page "Who can see this", and the one that shows what would change before the others are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from beside.people.models import Account
from beside.posts.models import Post
from beside.posts.reach import Chosen
from beside.web.forms.approvals import MessageForm
from beside.web.forms.audience import AudienceForm
from beside.web.pages import approvals, reach
from beside.web.pages.approvals import Question, Side
from beside.web.pages.reach import Summary

# What the form of the second page sends anew.
_NOT_CARRIED = ("csrfmiddlewaretoken", "do", "message")


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """Who can see the letter, and the form that changes it. `needs` says why it wasn't changed."""

    id: UUID
    is_draft: bool
    is_shown: bool
    is_veiled: bool
    summary: Summary
    form: AudienceForm
    needs: str
    others: str
    question: Question | None


@dataclass(frozen=True, slots=True)
class AskPage:
    """How the letter is and how it would be. `carried` holds what was typed, as (name, value) pairs."""

    id: UUID
    others: str
    now: Side
    then: Side
    form: MessageForm
    carried: Sequence[tuple[str, str]]


def audience_page(
    post: Post, viewer: Account, form: AudienceForm, *, at: datetime, needs: str = ""
) -> AudiencePage:
    """The page of `post` for its author `viewer`."""
    return AudiencePage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        is_shown=post.state == Post.State.PUBLISHED,
        is_veiled=post.veiled,
        summary=reach.summary(post, viewer, at=at),
        form=form,
        needs=needs,
        others=reach.others_in_words(post, viewer),
        question=approvals.question(post, viewer, at=at),
    )


def ask_page(
    post: Post, viewer: Account, want: Chosen, form: MessageForm, typed: QueryDict, *, at: datetime
) -> AskPage:
    """The page before asking the other authors whether `post` may be for `want`."""
    return AskPage(
        id=post.pk,
        others=reach.others_in_words(post, viewer),
        now=approvals.now(post, viewer, at=at),
        then=approvals.then(post, want, viewer, publishes=False, at=at),
        form=form,
        carried=[
            (name, value)
            for name, values in typed.lists()
            if name not in _NOT_CARRIED
            for value in values
        ],
    )
