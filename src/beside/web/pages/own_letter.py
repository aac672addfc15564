"""What an author's page of their own letter says besides the letter: who it is for, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from beside.access import claims, trail
from beside.access.consents import OwnPhotographs
from beside.people.models import Account
from beside.posts import audiences, suspensions
from beside.posts.models import Audience, Post
from beside.posts.reach import Reach
from beside.responses import choices
from beside.web.pages import reach, shelf_choices
from beside.web.pages.approvals import Question, question
from beside.web.pages.response_choices import in_words


@dataclass(frozen=True)
class OwnLetter:
    """One author's own letter. `words` and `photographs` say in words who each part is for.

    If `is_suspended`, moderators have closed it or the place of one of its authors; if `has_suspension`, the letter itself.
    `others` are the names of the other authors; `photographs` is empty for a letter without any.
    `responses` says who can respond, and `on_the_shelf` whether it may be found.
    """

    state: str
    words: str
    photographs: str
    others: str
    is_suspended: bool
    has_suspension: bool
    was_looked_at: bool
    question: Question | None
    has_claims: bool
    has_door: bool
    has_revisions: bool
    has_photographs: bool
    opens_unasked: bool
    responses: str
    on_the_shelf: str

    @property
    def is_shown(self) -> bool:
        """Whether it is published, and neither closed nor taken back."""
        return self.state == Post.State.PUBLISHED

    @property
    def was_published(self) -> bool:
        """Whether it is published, or was until it was closed."""
        return self.state in (Post.State.PUBLISHED, Post.State.CLOSED)


def own_letter(post: Post, viewer: Account, own: OwnPhotographs, *, at: datetime) -> OwnLetter:
    """The page of `post` for its author `viewer`, who has chosen `own` about its photographs."""
    chosen = audiences.chosen(post)
    has_photographs = post.placed.exists()
    photographs = _in_a_sentence(chosen.photographs, post, viewer)
    return OwnLetter(
        state=post.state,
        words=_in_a_sentence(chosen.words, post, viewer),
        photographs=photographs if has_photographs else "",
        others=reach.others_in_words(post, viewer),
        is_suspended=suspensions.is_suspended(post),
        has_suspension=post.suspended_at is not None,
        was_looked_at=trail.of_post(post.pk).exists(),
        question=question(post, viewer, at=at),
        has_claims=claims.of(post.pk, by=viewer).exists(),
        has_door=chosen.has_door(),
        has_revisions=post.revisions.exists(),
        has_photographs=has_photographs,
        opens_unasked=own.unasked,
        responses=in_words(choices.holds(post)),
        on_the_shelf=shelf_choices.in_words(post, viewer),
    )


def _in_a_sentence(part: Reach, post: Post, viewer: Account) -> str:
    """Who a part is for, as it stands after a colon: "everyone signed in here", "Nan and the circle Family"."""
    if part.audience == Audience.ONLY_US:
        names = reach.others_in_words(post, viewer)
        return _("only you and %(names)s") % {"names": names} if names else _("only you")
    if part.audience == Audience.ANYONE:
        return _("everyone signed in here") if part.signed_in else _("anyone")
    return reach.reach_in_words(part, post, viewer)
