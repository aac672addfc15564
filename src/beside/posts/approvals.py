"""Showing a post with several authors to more people, or adding photographs to one that is shown.

One author requests it, each approves, and the last approval does it.

A request is about the post as it was when the request was made. If anybody changes the post, approvals
no longer count; if somebody doesn't answer, the request lapses. Only the approval of every author widens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import time_zones
from beside.people.models import Account
from beside.photos.broken_rows import going_on
from beside.photos.models import Photo
from beside.posts import audiences, closing, drafting, publishing, reach, reach_json, snapshots
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, authors_of, locked
from beside.posts.models import Approval, ApprovalRequest, CoauthorInvitation, Post
from beside.posts.reach import Chosen, NoteNeeded

# Long enough for a bad fortnight; afterwards the request has lapsed, and can be made again.
DAYS_TO_ANSWER = timedelta(days=14)


class AnotherRequestOpen(Exception):
    """A post has one open approval request or co-author invitation at a time."""

    def __init__(self) -> None:
        super().__init__(
            _("There’s a question open already. It has to be answered or withdrawn first.")
        )


class NothingToApprove(Exception):
    """Nobody would see more than before."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nobody would see more than they do now, so there’s nothing to ask. Each of you can make that change alone."
            )
        )


class ApprovalRequestEnded(Exception):
    """The request was withdrawn, answered, superseded by a change to the post, or has lapsed."""

    def __init__(self) -> None:
        super().__init__(
            _("That question isn’t open any more, and nothing has changed. It can be asked again.")
        )


@transaction.atomic
def request_approval(
    post: Post, want: Chosen, *, publishes: bool, message: str, by: Account, at: datetime
) -> ApprovalRequest:
    """Ask every author whether `post` may be for `want`, and be published or reopened if `publishes`.

    `by` approves by asking. A draft is published as it is, for whom it already names. Raises
    `NotAnAuthor`, `TakenBackForGood`, `NothingToApprove`, `AnotherRequestOpen`, and what carrying it
    out would raise.
    """
    post = locked(post, by=by)
    if post.state == Post.State.DRAFT:
        want = audiences.chosen(post)
    _require_possible(post, want, publishes=publishes, by=by)
    return _ask(post, want, by=by, at=at, publishes=publishes, message=message)


@transaction.atomic
def request_photographs(
    post: Post, photos: Sequence[Photo], *, message: str, by: Account, at: datetime
) -> ApprovalRequest | None:
    """Ask every author whether `photos` may be added to `post`, which is shown to others.

    Each author gets a hold on them at once, hidden until they ask to see it, so that they can look before they
    answer. Where nobody else has to agree, the photographs are placed, and the answer is None. Readers
    aren't told. Raises `NotAnAuthor`, `TakenBackForGood`, `NothingToApprove` for no photographs, `NoteNeeded`,
    `AnotherRequestOpen`, `LiesElsewhere` and `PutHereByAnother`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if not photos:
        raise NothingToApprove
    want = audiences.chosen(post)
    if drafting.has_readers(post) and want.veiled and not post.note.strip():
        raise NoteNeeded
    authors = authors_of(post)
    if len(authors) == 1 or not drafting.has_readers(post):
        for photo in photos:
            drafting.place(post, photo, by=by)
        return None
    for photo in photos:
        drafting.require_placeable(post, photo, by=by)
        for author in authors:
            drafting.give_unseen(photo, to=author)
    return _ask(
        post, want, by=by, at=at, message=message, photos=[str(photo.pk) for photo in photos]
    )


@transaction.atomic
def approve(request: ApprovalRequest, *, by: Account, at: datetime) -> None:
    """Approve exactly what was asked. The last approval carries it out at once.

    Raises `NotAnAuthor`, `ApprovalRequestEnded`, and what carrying it out raises; then nothing has
    changed, and the earlier approvals still count.
    """
    post = locked(request.post, by=by)
    request = _still_open(request, post, at=at)
    notices.untell(by.pk, Notice.Kind.APPROVAL_REQUESTED, about=post.pk)
    _approve(request, post, by=by, at=at)


@transaction.atomic
def decline(request: ApprovalRequest, *, by: Account, at: datetime) -> None:
    """Decline, so that the post stays as it is. The requester is told that, and no more.

    Raises `NotAnAuthor` and `ApprovalRequestEnded`.
    """
    post = locked(request.post, by=by)
    request = _not_ended(request)
    _end(request, ApprovalRequest.Outcome.DECLINED, at=at)
    notices.tell(request.requester_id, Notice.Kind.APPROVAL_DECLINED, about=post.pk, at=at)


@transaction.atomic
def withdraw(post: Post, *, by: Account, at: datetime) -> None:
    """Withdraw one's own request; doing it twice is harmless. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    for request in ApprovalRequest.objects.filter(post=post, requester=by, ended_at=None):
        _end(request, ApprovalRequest.Outcome.WITHDRAWN, at=at)


def open_request(post: Post, *, at: datetime) -> ApprovalRequest | None:
    """The request that `post`'s authors can still answer, if there is one."""
    found = ApprovalRequest.objects.filter(post=post, ended_at=None, lapses_at__gt=at)
    request = found.select_related("requester__profile").first()
    return request if request and request.snapshot == snapshots.digest_of(post) else None


def find_open(post: Post, request_id: str) -> ApprovalRequest:
    """The request about `post` with this id that hasn't ended; raises `ApprovalRequestEnded`."""
    for request in ApprovalRequest.objects.filter(post=post, ended_at=None):
        if str(request.pk) == request_id:
            return request
    raise ApprovalRequestEnded


def pending_authors(request: ApprovalRequest) -> list[Account]:
    """The authors who haven't approved it yet."""
    approved = set(request.approvals.values_list("account_id", flat=True))
    return [author for author in authors_of(request.post) if author.pk not in approved]


def run_due(at: datetime) -> None:
    """End every request whose term is over, and tell the requester. Nothing else changes."""
    due = ApprovalRequest.objects.filter(ended_at=None, lapses_at__lte=at)
    for request in due.select_related("post"):
        with going_on("a request whose term is over could not be ended"), transaction.atomic():
            Post.objects.select_for_update().get(pk=request.post_id)
            if ApprovalRequest.objects.filter(pk=request.pk, ended_at=None).exists():
                _lapse(request, at=at)


def _ask(
    post: Post, want: Chosen, *, by: Account, at: datetime, message: str, **asked: bool | list[str]
) -> ApprovalRequest:
    """Make the request, which `by` approves by making it, and tell the other authors."""
    _end_obsolete(post, at=at)
    somebody_is_invited = CoauthorInvitation.objects.filter(post=post, answer="").exists()
    if somebody_is_invited or ApprovalRequest.objects.filter(post=post, ended_at=None).exists():
        raise AnotherRequestOpen
    request = ApprovalRequest.objects.create(
        post=post,
        requester=by,
        wanted=reach_json.as_json(want),
        snapshot=snapshots.digest_of(post),
        message=message.strip(),
        requested_at=at,
        lapses_at=time_zones.later(by, at, DAYS_TO_ANSWER),
        **asked,
    )
    for author in authors_of(post):
        if author.pk != by.pk:
            notices.tell(author.pk, Notice.Kind.APPROVAL_REQUESTED, about=post.pk, at=at)
    _approve(request, post, by=by, at=at)
    return request


def _require_possible(post: Post, want: Chosen, *, publishes: bool, by: Account) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    reach.check(post, want)
    if post.state == Post.State.DRAFT:
        everybody = {author.pk for author in authors_of(post)}
        publishing.require_ready(post, by=by, approved_by=everybody)
    publishes_it = publishes and post.state != Post.State.PUBLISHED
    widens = audiences.shows_more(post, want) and post.state != Post.State.DRAFT
    if not (publishes_it or widens):
        raise NothingToApprove


def _approve(request: ApprovalRequest, post: Post, *, by: Account, at: datetime) -> None:
    Approval.objects.get_or_create(request=request, account=by, defaults={"approved_at": at})
    if pending_authors(request):
        return
    approved_by = set(request.approvals.values_list("account_id", flat=True))
    _carry_out(request, post, approved_by=approved_by, at=at)
    _end(request, ApprovalRequest.Outcome.APPROVED, at=at)
    for account in approved_by - {by.pk}:
        notices.tell(account, Notice.Kind.APPROVED, about=post.pk, at=at)


def _carry_out(
    request: ApprovalRequest, post: Post, *, approved_by: set[UUID], at: datetime
) -> None:
    """Do what was asked through the ordinary functions, which check everything again now."""
    by, want = request.requester, reach_json.from_json(request.wanted)
    if request.photos:
        _add_photographs(request, post, approved_by=approved_by)
        return
    if post.state == Post.State.DRAFT:
        publishing.publish(post, by=by, at=at, approved_by=approved_by)
        return
    if want != audiences.chosen(post):
        audiences.change(post, want, by=by, at=at, approved_by=approved_by)
    if request.publishes:
        closing.reopen(post, by=by, at=at, approved_by=approved_by)


def _add_photographs(request: ApprovalRequest, post: Post, *, approved_by: set[UUID]) -> None:
    found = Photo.objects.in_bulk([UUID(pk) for pk in request.photos])
    if len(found) < len(request.photos):  # One was destroyed meanwhile.
        raise ApprovalRequestEnded
    for pk in request.photos:
        try:
            drafting.place(post, found[UUID(pk)], by=request.requester, approved_by=approved_by)
        except NotAnAuthor:  # The requester has destroyed their own key to it.
            raise ApprovalRequestEnded from None


def _still_open(request: ApprovalRequest, post: Post, *, at: datetime) -> ApprovalRequest:
    request = _not_ended(request)
    if request.lapses_at <= at or request.snapshot != snapshots.digest_of(post):
        raise ApprovalRequestEnded
    return request


def _not_ended(request: ApprovalRequest) -> ApprovalRequest:
    found = (
        ApprovalRequest.objects.filter(pk=request.pk, ended_at=None)
        .select_related("requester")
        .first()
    )
    if found is None:
        raise ApprovalRequestEnded
    return found


def _end_obsolete(post: Post, *, at: datetime) -> None:
    for request in ApprovalRequest.objects.filter(post=post, ended_at=None):
        if request.lapses_at <= at:
            _lapse(request, at=at)
        elif request.snapshot != snapshots.digest_of(post):
            _end(request, ApprovalRequest.Outcome.SUPERSEDED, at=at)


def _end(request: ApprovalRequest, outcome: ApprovalRequest.Outcome, *, at: datetime) -> None:
    request.ended_at, request.outcome = at, outcome
    request.save(update_fields=["ended_at", "outcome"])
    for author in authors_of(request.post):
        notices.untell(author.pk, Notice.Kind.APPROVAL_REQUESTED, about=request.post_id)


def _lapse(request: ApprovalRequest, *, at: datetime) -> None:
    """The authors who didn't answer aren't told: they didn't have to."""
    _end(request, ApprovalRequest.Outcome.LAPSED, at=at)
    if request.requester_id in {author.pk for author in authors_of(request.post)}:
        notices.tell(
            request.requester_id, Notice.Kind.APPROVAL_LAPSED, about=request.post_id, at=at
        )
