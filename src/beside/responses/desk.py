"""What those who read first decide about a response, one at a time. Nothing here is told to its writer.

A decision is about the response that its reader has in hand, and about those that say exactly the same to the
same letter, which are folded together.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, delegations, quiet_days
from beside.people.models import Account
from beside.photos import disk_full
from beside.posts.authorship import NotAnAuthor, authors_of, lock, own
from beside.posts.models import Authorship, Post
from beside.responses import policy, queue, seals
from beside.responses.models import Response

State = Response.State
_PUT_DOWN = {"reader": None, "reader_until": None}
_NO_WORDS = {"words": "", "pen_name": "", "question": ""}


class NotInHand(Exception):
    """Somebody else has decided it, has it in hand now, or its writer has taken it back."""

    def __init__(self) -> None:
        super().__init__(
            _("That one isn’t with you any more. It was taken back, or somebody else has it.")
        )


@transaction.atomic
def pass_on(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Let the authors read it. They are told that something came, not what. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _pass_on(_decided_together(response), response.post, at=at)
    queue.clear_notice(by)


def pass_on_at_once(response: Response, *, at: datetime) -> None:
    """Pass on a response whose writer reads first themselves. The caller must hold the post's lock."""
    _pass_on(Response.objects.filter(pk=response.pk), response.post, at=at)


@transaction.atomic
def decide_later(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Put it at the end of the queue. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _alike(response).update(waits_since=at, **_PUT_DOWN)


@transaction.atomic
def hand_over(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Leave it to somebody else who reads first for them. Raises `NotInHand`, also if there is nobody else."""
    response = _in_hand(response_id, by=by, at=at)
    others = queue.others_who_read(response, by)
    if not others:
        raise NotInHand
    _alike(response).update(handed_over_by=by, **_PUT_DOWN)
    for other in others:
        notices.tell(other.pk, Notice.Kind.RESPONSES_WAIT, about=other.pk, at=at)


@disk_full.with_reserve
@transaction.atomic
def decline(response_id: UUID, *, by: Account, at: datetime, reply: str = "") -> None:
    """Keep it from the authors, and delete its words. A `reply` is a word from `by` to the writer. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _decline(_decided_together(response), at=at)
    _reply(response, reply, by=by, at=at)
    queue.clear_notice(by)


@transaction.atomic
def seal(response_id: UUID, *, by: Account, at: datetime, reply: str = "") -> None:
    """Keep it from the authors as evidence, encrypted. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _seal(response, by=by, at=at)
    _reply(response, reply, by=by, at=at)
    queue.clear_notice(by)


@transaction.atomic
def seal_and_block(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Seal it, and have its writer blocked by the authors whom `by` reads first for. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _seal(response, by=by, at=at)
    for author in authors_served(response.post, by):
        blocks.block(author, response.writer, at=at)
    queue.clear_notice(by)


@transaction.atomic
def ask_authors(response_id: UUID, question: str, *, by: Account, at: datetime) -> None:
    """Ask the authors whether they want it, in the reader's own words; they see nothing of it. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    Response.objects.filter(pk=response.pk).update(
        state=State.ASKED, question=question.strip(), asked_by=by, **_PUT_DOWN
    )
    _tell_authors(response.post, Notice.Kind.RESPONSE_QUESTION, at=at)
    queue.clear_notice(by)


def asked_of(author: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses that `author` is asked about, oldest first. Pages show the question and nothing else of them."""
    if quiet_days.until(author, at=at):
        return Response.objects.none()
    mine = policy.not_apart().filter(post__authorships__account=author, state=State.ASKED)
    return mine.select_related("post", "asked_by__profile").order_by("waits_since", "pk")


@transaction.atomic
def answer(response_id: UUID, *, by: Account, wants: bool | None, at: datetime) -> None:
    """An author's answer: have it passed on, have it declined, or (None) leave it to those who read first.

    Raises `NotInHand` if it was answered or taken back.
    """
    response = _locked(response_id)
    asked = policy.not_apart().filter(pk=response_id, state=State.ASKED)
    if response is None or not asked.exists():
        raise NotInHand
    try:
        own(by, response.post_id)
    except NotAnAuthor:
        raise NotInHand from None
    one = Response.objects.filter(pk=response.pk)
    one.update(state=State.WAITING, question="", waits_since=at)
    if wants is None:
        queue.tell(policy.readers_first_of(response.post), response.writer, at=at)
    elif wants:
        _pass_on(_decided_together(response), response.post, at=at)
    else:
        _decline(_decided_together(response), at=at)
    clear_notices(response.post)


def alike(response: Response) -> QuerySet[Response]:
    """The responses that are decided with this one: it and those that say the same, and wait."""
    return _alike(response).select_related("writer__profile").order_by("sent_at", "pk")


def authors_served(post: Post, reader: Account) -> list[Account]:
    """The authors of `post` for whom `reader` reads first and blocks: themselves, or those who asked them to."""
    authors = authors_of(post)
    if reader.pk in {author.pk for author in authors}:
        return [reader]
    served = set(delegations.screening().filter(delegate=reader).values_list("author", flat=True))
    return [author for author in authors if author.pk in served]


def clear_notices(post: Post) -> None:
    """Remove the authors' notices about responses to `post` of which none is left."""
    for kind, state in (
        (Notice.Kind.RESPONSE_PASSED_ON, State.PASSED_ON),
        (Notice.Kind.RESPONSE_QUESTION, State.ASKED),
    ):
        if not Response.objects.filter(post=post, state=state).exists():
            for author in authors_of(post):
                notices.untell(author.pk, kind, about=post.pk)


def _in_hand(response_id: UUID, *, by: Account, at: datetime) -> Response:
    """The response, locked with its letter's authors, if `by` has it in hand at `at`."""
    if _locked(response_id) is None:
        raise NotInHand
    held = policy.waiting_for(by).filter(pk=response_id, reader=by)
    response = held.select_related("post", "writer").first()
    if response is None:
        raise NotInHand
    return response


def _locked(response_id: UUID) -> Response | None:
    """The response, with its post and everybody concerned locked, in the order that all of Beside follows."""
    ids = Response.objects.filter(pk=response_id).values_list("post", "likeness").first()
    if ids is None:
        return None
    post_id, likeness = ids
    lock(post_id)
    same = Response.objects.filter(post=post_id, likeness=likeness)
    authors = Authorship.objects.filter(post=post_id).values_list("account", flat=True)
    blocks.lock(*same.values_list("writer", flat=True), *authors)
    rows = Response.objects.select_for_update(of=("self",)).filter(pk=response_id)
    return rows.select_related("post").first()


def _alike(response: Response) -> QuerySet[Response]:
    same = Q(likeness=response.likeness, reader=None) | Q(pk=response.pk)
    waiting = policy.not_apart().filter(post=response.post_id, state=State.WAITING)
    return waiting.filter(same)


def _decided_together(response: Response) -> QuerySet[Response]:
    """`_alike` by their ids, so that they are still found once they have been decided."""
    return Response.objects.filter(pk__in=list(_alike(response).values_list("pk", flat=True)))


def _pass_on(some: QuerySet[Response], post: Post, *, at: datetime) -> None:
    some.update(state=State.PASSED_ON, decided_at=at, question="", **_PUT_DOWN)
    _tell_authors(post, Notice.Kind.RESPONSE_PASSED_ON, at=at)


def _decline(some: QuerySet[Response], *, at: datetime) -> None:
    some.update(state=State.DECLINED, decided_at=at, **_NO_WORDS, **_PUT_DOWN)


def _seal(response: Response, *, by: Account, at: datetime) -> None:
    for one in list(_alike(response).select_related("writer__profile", "post")):
        seals.make(one, by=by, at=at)
        Response.objects.filter(pk=one.pk).update(
            state=State.SEALED, decided_at=at, **_NO_WORDS, **_PUT_DOWN
        )


def _reply(response: Response, reply: str, *, by: Account, at: datetime) -> None:
    if reply.strip():
        Response.objects.filter(pk=response.pk).update(reply=reply.strip(), reply_by=by)
        notices.tell(response.writer_id, Notice.Kind.RESPONSE_REPLIED, about=response.pk, at=at)


def _tell_authors(post: Post, kind: Notice.Kind, *, at: datetime) -> None:
    """Nothing is announced on quiet days, nor afterwards: it is simply there."""
    authors = authors_of(post)
    quiet = quiet_days.quiet_accounts(authors, at=at)
    for author in authors:
        if author.pk not in quiet:
            notices.tell(author.pk, kind, about=post.pk, at=at)
