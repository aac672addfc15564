"""Writing a response, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beside.access.conditions import Viewer
from beside.access.policy import NothingToSee, see
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, names, narrowings, quiet_days
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import authors_of, lock
from beside.posts.models import Authorship, Post
from beside.querysets.prepared import prepared
from beside.responses import desk, pauses, policy, queue
from beside.responses.likeness import likeness
from beside.responses.models import Presence, Response


class TakesNoResponses(Exception):
    """The authors take no responses from this reader, or none at the moment."""

    def __init__(self) -> None:
        super().__init__(
            _("They aren’t taking responses to this letter at the moment. Nothing was sent.")
        )


@dataclass(frozen=True, slots=True)
class ResponseText:
    """What somebody writes. With a `pen_name`, the authors read that in place of their name."""

    words: str
    pen_name: str = ""
    only_for_authors: bool = False


@transaction.atomic
def send(
    response_id: UUID,
    post_id: UUID,
    text: ResponseText,
    *,
    by: Account,
    viewer: Viewer,
    at: datetime,
) -> None:
    """Write to the authors of a letter. Sending the same `response_id` again does nothing.

    Raises `NothingToSee` if `viewer` can't read the letter, and `TakesNoResponses`.
    """
    post = _locked(post_id, by=by, viewer=viewer, at=at)
    if Response.objects.filter(pk=response_id).exists():
        return
    response = Response(
        pk=response_id,
        post=post,
        writer=by,
        pen_name=names.clean(text.pen_name),
        words=text.words.strip(),
        only_for_authors=text.only_for_authors,
    )
    deliver(response, at_once=policy.is_screener_of(by, post), at=at)


def deliver(response: Response, *, at_once: bool, at: datetime) -> None:
    """Put a new response in the queue of those who read first, or pass it on at once.

    The caller must have checked that its writer may send it, and hold the lock of the post, or of the people.
    """
    to = policy.addressee_of(response)
    readers = policy.readers_first_of(to)
    response.sent_at = response.waits_since = at
    response.falls_behind = queue.falls_behind(
        queue.settings_of(readers), response.writer, response.words, at=at
    )
    response.likeness = likeness(response.words)
    response.save(force_insert=True)
    if at_once:
        desk.pass_on_at_once(response, at=at)
        return
    pauses.pause_if_too_many(to, at=at)
    queue.tell(readers, response.writer, at=at)


def require_taken(post_id: UUID, viewer: Viewer, *, at: datetime) -> None:
    """Raise as `send` does, but lock nothing: whoever is refused needn't wait for those who are not."""
    if not policy.may_respond(post_id, viewer, at=at):
        see(viewer, post_id, at=at)
        raise TakesNoResponses


def is_sent(response_id: UUID, *, by: Account) -> bool:
    """Whether `by` has sent this response, and hasn't taken it back."""
    return Response.objects.filter(pk=response_id, writer=by).exists()


@disk_full.with_reserve
@transaction.atomic
def take_back(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Delete one's own response everywhere. What was sealed stays sealed; its writer can't tell. Twice is harmless."""
    # Nobody answers it meanwhile as something that is still there.
    blocks.lock(by.pk)
    mine = Response.objects.select_for_update(of=("self",)).filter(pk=response_id, writer=by)
    response = mine.select_related("post", "recipient").first()
    if response is None:
        return
    to = policy.addressee_of(response)
    response.delete()
    narrowings.record(Narrowing.Kind.RESPONSE_TAKEN_BACK, at=at, response=response_id)
    desk.clear_notices(to)
    notices.untell(by.pk, Notice.Kind.RESPONSE_REPLIED, about=response_id)
    for concerned in (by, *policy.recipients_of(to)):
        notices.untell(concerned.pk, Notice.Kind.RESPONSE_LOOKED, about=response_id)


def written_by(account: Account) -> QuerySet[Response]:
    """Every response of `account`'s, the newest first. Pages show its writer nothing of its state."""
    mine = Response.objects.filter(writer=account)
    mine = mine.select_related("post", "recipient__profile", "reply_by__profile")
    return mine.order_by("-sent_at", "-pk")


@transaction.atomic
def be_present(post_id: UUID, *, by: Account, viewer: Viewer, at: datetime) -> None:
    """Let the authors know that somebody was here, unnamed and unnumbered. Twice is harmless.

    Raises as `send` does.
    """
    post = _locked(post_id, by=by, viewer=viewer, at=at)
    if not policy.takes_presences(post):
        raise TakesNoResponses
    _row, is_new = Presence.objects.get_or_create(post=post, account=by, defaults={"at": at})
    if not is_new:
        return
    authors = authors_of(post)
    quiet = quiet_days.quiet_accounts(authors, at=at)
    for author in authors:
        if author.pk not in quiet:
            notices.tell(author.pk, Notice.Kind.PRESENT, about=post.pk, at=at)


def is_present(post_id: UUID, account: Account) -> bool:
    """Whether `account` has left "I was here" at this letter."""
    return _presence.any(post_id, account.pk)


def stand_beside(post_id: UUID) -> bool:
    """Whether any stands beside the post for anybody: beside most letters none does, and the rule needn't be asked."""
    return _shown_beside.any(post_id)


@prepared
def _shown_beside(post_id: UUID) -> QuerySet[Response]:
    return Response.objects.filter(post=post_id, shown_at__isnull=False)


@prepared
def _presence(post_id: UUID, account: UUID) -> QuerySet[Presence]:
    return Presence.objects.filter(post=post_id, account=account)


@transaction.atomic
def leave(post_id: UUID, *, by: Account) -> None:
    """Take back "I was here"; twice is harmless. Authors who were told of somebody hear nothing."""
    gone, _by_model = Presence.objects.filter(post=post_id, account=by).delete()
    if gone and not Presence.objects.filter(post=post_id).exists():
        for author in Authorship.objects.filter(post=post_id).values_list("account", flat=True):
            notices.untell(author, Notice.Kind.PRESENT, about=post_id)


def _locked(post_id: UUID, *, by: Account, viewer: Viewer, at: datetime) -> Post:
    """The post, locked with its authors and the writer; it takes responses from them."""
    post = lock(post_id)
    if post is None:
        raise NothingToSee
    authors = Authorship.objects.filter(post=post).values_list("account", flat=True)
    blocks.lock(by.pk, *authors)
    see(viewer, post_id, at=at)
    if viewer.account != by.pk or not policy.may_respond(post_id, viewer, at=at):
        raise TakesNoResponses
    return post
