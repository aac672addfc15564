"""The page "Who can see this", and the one that shows what would change before the others are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict

from beside.people.models import Account
from beside.posts import audiences
from beside.posts.models import Post
from beside.posts.reach import Chosen
from beside.web.forms.approvals import MessageForm
from beside.web.forms.audience import AudienceForm
from beside.web.pages import approvals, reach
from beside.web.pages.approvals import Question, Side
from beside.web.pages.reach import Summary
from beside.web.pages.who_can_see import WhoCanSee, who_can_see

# What the form of the second page sends anew.
_NOT_CARRIED = ("csrfmiddlewaretoken", "do", "message")


@dataclass(frozen=True, slots=True)
class AudiencePage:
    """Who can see the letter, and the form that changes it. `needs` says why it wasn't changed.

    `before` says whom it was for before it was last shown to fewer people, if it can be put back.
    """

    id: UUID
    is_draft: bool
    is_shown: bool
    is_veiled: bool
    summary: Summary
    who: WhoCanSee
    form: AudienceForm
    needs: str
    others: str
    question: Question | None
    before: Summary | None


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
    before = audiences.before_narrowing(post)
    return AudiencePage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        is_shown=post.state == Post.State.PUBLISHED,
        is_veiled=post.veiled,
        summary=reach.summary(post, viewer),
        who=who_can_see(post, viewer, at=at),
        form=form,
        needs=needs,
        others=reach.others_in_words(post, viewer),
        question=approvals.question(post, viewer, at=at),
        before=reach.summary_of(before, post, viewer) if before else None,
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
