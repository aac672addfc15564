"""Going to more people where there are several authors: one asks, each answers, and the last yes does it.

A question is about the post as it stood when it was asked. If anybody changes it meanwhile,
no yes to it counts any more; if nobody answers, it lapses. Nothing but every yes ever widens.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people.models import Account
from beside.posts import audiences, closing, publishing, snapshots
from beside.posts.audiences import Chosen, TakenBackForGood
from beside.posts.authorship import authors_of, locked
from beside.posts.models import Approval, ApprovalRequest, CoauthorInvitation, Post

# Long enough for a bad fortnight; after it the question is gone, and can be asked again.
DAYS_TO_ANSWER = timedelta(days=14)


class AskedAlready(Exception):
    """One question at a time."""

    def __init__(self) -> None:
        super().__init__(
            _("Something is being asked already. It has to be answered, or taken back.")
        )


class NothingToAsk(Exception):
    """Nobody would come to see more."""

    def __init__(self) -> None:
        super().__init__(_("This goes to nobody new. Each of you can do it alone, at once."))


class NotAskedAnyMore(Exception):
    """The question was taken back, answered, overtaken by a change, or has lapsed."""

    def __init__(self) -> None:
        super().__init__(
            _("That question isn’t open any more, and nothing has changed. It can be asked again.")
        )


@transaction.atomic
def propose(
    post: Post, want: Chosen, *, shows: bool, said: str, by: Account, at: datetime
) -> ApprovalRequest:
    """Ask every author whether `post` may be for `want`, and be published or reopened if `shows`.

    `by` has agreed. A draft is published as it stands, for whom it says. Raises `NotAnAuthor`, `TakenBackForGood`, `NothingToAsk`, `AskedAlready`,
    and what stands in the way of doing it.
    """
    post = locked(post, by=by)
    if post.state == Post.State.DRAFT:
        want = audiences.chosen(post)
    _require_possible(post, want, shows=shows, by=by)
    _end_what_is_over(post, at=at)
    somebody_is_asked = CoauthorInvitation.objects.filter(post=post, answer="").exists()
    if somebody_is_asked or ApprovalRequest.objects.filter(post=post, ended_at=None).exists():
        raise AskedAlready
    asked = ApprovalRequest.objects.create(
        post=post,
        proposer=by,
        wanted=snapshots.as_json(want),
        shows=shows,
        mark=snapshots.mark_of(post),
        said=said.strip(),
        asked_at=at,
        lapses_at=at + DAYS_TO_ANSWER,
    )
    for author in authors_of(post):
        if author.pk != by.pk:
            notices.tell(author.pk, Notice.Kind.ASKED_YES, about=post.pk, at=at)
    _say_yes(asked, post, by=by, at=at)
    return asked


@transaction.atomic
def agree(asked: ApprovalRequest, *, by: Account, at: datetime) -> None:
    """Say yes, to exactly what was asked. The last yes does it, at once.

    Raises `NotAnAuthor`, `NotAskedAnyMore`, and what stands in the way by now; then nobody's
    yes is lost, and nothing has changed.
    """
    post = locked(asked.post, by=by)
    asked = _still_open(asked, post, at=at)
    notices.untell(by.pk, Notice.Kind.ASKED_YES, about=post.pk)
    _say_yes(asked, post, by=by, at=at)


@transaction.atomic
def keep_as_it_is(asked: ApprovalRequest, *, by: Account, at: datetime) -> None:
    """Say that it stays as it is. Whoever asked is told that, and no more.

    Raises `NotAnAuthor` and `NotAskedAnyMore`.
    """
    post = locked(asked.post, by=by)
    asked = _not_ended(asked)
    _end(asked, ApprovalRequest.Outcome.KEPT, at=at)
    notices.tell(asked.proposer_id, Notice.Kind.STAYS, about=post.pk, at=at)


@transaction.atomic
def take_question_back(post: Post, *, by: Account, at: datetime) -> None:
    """Take back what one has asked oneself; twice is harmless. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    for asked in ApprovalRequest.objects.filter(post=post, proposer=by, ended_at=None):
        _end(asked, ApprovalRequest.Outcome.TAKEN_BACK, at=at)


def open_for(post: Post, *, at: datetime) -> ApprovalRequest | None:
    """The question that all of `post`'s authors can still answer, if there is one."""
    found = ApprovalRequest.objects.filter(post=post, ended_at=None, lapses_at__gt=at)
    asked = found.select_related("proposer__profile").first()
    return asked if asked and asked.mark == snapshots.mark_of(post) else None


def asked_of(post: Post, asked_id: str) -> ApprovalRequest:
    """The question with this id, if it is one about `post` and hasn't ended; raises `NotAskedAnyMore`."""
    for asked in ApprovalRequest.objects.filter(post=post, ended_at=None):
        if str(asked.pk) == asked_id:
            return asked
    raise NotAskedAnyMore


def waits_for(asked: ApprovalRequest) -> list[Account]:
    """The authors who have not said yes yet."""
    yes = set(asked.agreements.values_list("account_id", flat=True))
    return [author for author in authors_of(asked.post) if author.pk not in yes]


def run_due(at: datetime) -> None:
    """Let go of every question whose time is over, and tell whoever asked. Nothing else changes."""
    due = ApprovalRequest.objects.filter(ended_at=None, lapses_at__lte=at)
    for asked in due.select_related("post"):
        with transaction.atomic():
            Post.objects.select_for_update().get(pk=asked.post_id)
            if ApprovalRequest.objects.filter(pk=asked.pk, ended_at=None).exists():
                _lapse(asked, at=at)


def _require_possible(post: Post, want: Chosen, *, shows: bool, by: Account) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    audiences.check(post, want)
    if post.state == Post.State.DRAFT:
        everybody = {author.pk for author in authors_of(post)}
        publishing.require_ready(post, by=by, yes=everybody)
    shows_it = shows and post.state != Post.State.PUBLISHED
    widens = audiences.shows_more(post, want) and post.state != Post.State.DRAFT
    if not (shows_it or widens):
        raise NothingToAsk


def _say_yes(asked: ApprovalRequest, post: Post, *, by: Account, at: datetime) -> None:
    Approval.objects.get_or_create(proposal=asked, account=by, defaults={"agreed_at": at})
    if waits_for(asked):
        return
    yes = set(asked.agreements.values_list("account_id", flat=True))
    _carry_out(asked, post, yes=yes, at=at)
    _end(asked, ApprovalRequest.Outcome.AGREED, at=at)
    for account in yes - {by.pk}:
        notices.tell(account, Notice.Kind.AGREED, about=post.pk, at=at)


def _carry_out(asked: ApprovalRequest, post: Post, *, yes: set[UUID], at: datetime) -> None:
    """By the acts that anybody would use, with all that they check at this moment."""
    by, want = asked.proposer, snapshots.from_json(asked.wanted)
    if post.state == Post.State.DRAFT:
        publishing.publish(post, by=by, at=at, yes=yes)
        return
    if want != audiences.chosen(post):
        audiences.change(post, want, by=by, at=at, yes=yes)
    if asked.shows:
        closing.reopen(post, by=by, at=at, yes=yes)


def _still_open(asked: ApprovalRequest, post: Post, *, at: datetime) -> ApprovalRequest:
    asked = _not_ended(asked)
    if asked.lapses_at <= at or asked.mark != snapshots.mark_of(post):
        raise NotAskedAnyMore
    return asked


def _not_ended(asked: ApprovalRequest) -> ApprovalRequest:
    found = (
        ApprovalRequest.objects.filter(pk=asked.pk, ended_at=None)
        .select_related("proposer")
        .first()
    )
    if found is None:
        raise NotAskedAnyMore
    return found


def _end_what_is_over(post: Post, *, at: datetime) -> None:
    for asked in ApprovalRequest.objects.filter(post=post, ended_at=None):
        if asked.lapses_at <= at:
            _lapse(asked, at=at)
        elif asked.mark != snapshots.mark_of(post):
            _end(asked, ApprovalRequest.Outcome.OVERTAKEN, at=at)


def _end(asked: ApprovalRequest, outcome: ApprovalRequest.Outcome, *, at: datetime) -> None:
    asked.ended_at, asked.outcome = at, outcome
    asked.save(update_fields=["ended_at", "outcome"])
    for author in authors_of(asked.post):
        notices.untell(author.pk, Notice.Kind.ASKED_YES, about=asked.post_id)


def _lapse(asked: ApprovalRequest, *, at: datetime) -> None:
    """Those who didn't answer aren't told: they needn't have."""
    _end(asked, ApprovalRequest.Outcome.LAPSED, at=at)
    if asked.proposer_id in {author.pk for author in authors_of(asked.post)}:
        notices.tell(asked.proposer_id, Notice.Kind.LAPSED, about=asked.post_id, at=at)
