"""The page "Publish": who could see the letter, and what it still needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts import publishing
from beside.posts.authorship import authors_of
from beside.posts.models import Post
from beside.posts.publishing import NothingToPublish
from beside.responses import choices
from beside.web.forms.approvals import MessageForm
from beside.web.pages import approvals, reach
from beside.web.pages.approvals import Question
from beside.web.pages.reach import Summary
from beside.web.pages.response_choices import in_words
from beside.web.pages.who_can_see import WhoCanSee, who_can_see

REFUSALS = (*approvals.REFUSALS, NothingToPublish)


@dataclass(frozen=True)
class PublishingPage:
    """`needs` says why it can't be published yet; `asks` names the authors who must agree first; `responses` says who can respond."""

    id: UUID
    note: str
    summary: Summary
    who: WhoCanSee
    needs: str
    is_undescribed: bool
    asks: str
    responses: str
    question: Question | None
    form: MessageForm


def publishing_page(
    post: Post, viewer: Account, form: MessageForm, *, at: datetime, needs: str = ""
) -> PublishingPage:
    """The page of the draft `post` for its author `viewer`."""
    return PublishingPage(
        id=post.pk,
        note=post.note,
        summary=reach.summary(post, viewer),
        who=who_can_see(post, viewer, at=at),
        needs=needs or _missing(post, viewer),
        is_undescribed=post.placed.filter(photo__description="").exists(),
        asks=approvals.asks_others(post, viewer),
        responses=in_words(choices.holds(post)),
        question=approvals.question(post, viewer, at=at),
        form=form,
    )


def _missing(post: Post, viewer: Account) -> str:
    """What the draft still needs, once every author has agreed; empty where nothing is missing."""
    try:
        publishing.require_ready(
            post, by=viewer, approved_by=[author.pk for author in authors_of(post)]
        )
    except REFUSALS as refusal:
        return str(refusal)
    return ""
