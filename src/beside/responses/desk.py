"""What those who read first decide about a response, one at a time. Nothing here is told to its writer.

A decision is about the response that its reader has in hand, and about those that say exactly the same to the
same letter or the same person, which are folded together. The authors of a letter, or that person, are its recipients.
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
from beside.posts.authorship import lock
from beside.responses import policy, queue, seals
from beside.responses.models import Response
from beside.responses.policy import Addressee

State = Response.State
_PUT_DOWN = {"reader": None, "reader_until": None}
_NO_WORDS = {"words": "", "pen_name": "", "signed": "", "question": ""}


class NotInHand(Exception):
    """Somebody else has decided it, has it in hand now, or its writer has taken it back."""

    def __init__(self) -> None:
        super().__init__(
            _("That one isn’t with you any more. It was taken back, or somebody else has it.")
        )


@transaction.atomic
def pass_on(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Let its recipients read it. They are told that something came, not what. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _pass_on(_decided_together(response), policy.addressee_of(response), at=at)
    queue.clear_notice(by)


def pass_on_at_once(response: Response, *, at: datetime) -> None:
    """Pass on a response that nobody has to read first. The caller must hold the lock of the post, or of the people."""
    just_this = Response.objects.filter(pk=response.pk)
    just_this.update(at_once=True)
    _pass_on(just_this, policy.addressee_of(response), at=at)


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
    """Keep it from its recipients, and delete its words. A `reply` is a word from `by` to the writer. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _decline(_decided_together(response), at=at)
    _reply(response, reply, by=by, at=at)
    queue.clear_notice(by)


@transaction.atomic
def seal(response_id: UUID, *, by: Account, at: datetime, reply: str = "") -> None:
    """Keep it from its recipients as evidence, encrypted. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    _seal(response, by=by, at=at)
    _reply(response, reply, by=by, at=at)
    queue.clear_notice(by)


@transaction.atomic
def seal_and_block(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Seal it, and have its writer blocked by the recipients whom `by` reads first for. Raises `NotInHand`.

    Nobody can be blocked who wrote without an account.
    """
    response = _in_hand(response_id, by=by, at=at)
    _seal(response, by=by, at=at)
    for recipient in recipients_served(policy.addressee_of(response), by):
        if response.writer is not None:
            blocks.block(recipient, response.writer, at=at)
    queue.clear_notice(by)


@transaction.atomic
def ask_authors(response_id: UUID, question: str, *, by: Account, at: datetime) -> None:
    """Ask its recipients whether they want it, in the reader's own words; they see nothing of it. Raises `NotInHand`."""
    response = _in_hand(response_id, by=by, at=at)
    Response.objects.filter(pk=response.pk).update(
        state=State.ASKED, question=question.strip(), asked_by=by, **_PUT_DOWN
    )
    _tell(policy.addressee_of(response), Notice.Kind.RESPONSE_QUESTION, at=at)
    queue.clear_notice(by)


def asked_of(recipient: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses that `recipient` is asked about, oldest first. Pages show the question and nothing else of them."""
    if quiet_days.until(recipient, at=at):
        return Response.objects.none()
    mine = policy.not_apart().filter(policy.written_to(recipient), state=State.ASKED)
    return mine.select_related("post", "asked_by__profile").order_by("waits_since", "pk")


@transaction.atomic
def answer(response_id: UUID, *, by: Account, wants: bool | None, at: datetime) -> None:
    """A recipient's answer: have it passed on, have it declined, or (None) leave it to those who read first.

    Raises `NotInHand` if it was answered or taken back.
    """
    response = _locked(response_id)
    asked = policy.not_apart().filter(policy.written_to(by), pk=response_id, state=State.ASKED)
    if response is None or not asked.exists():
        raise NotInHand
    to = policy.addressee_of(response)
    one = Response.objects.filter(pk=response.pk)
    one.update(state=State.WAITING, question="", waits_since=at)
    if wants is None:
        queue.tell(policy.readers_first_of(to), response.writer, at=at)
    elif wants:
        _pass_on(_decided_together(response), to, at=at)
    else:
        _decline(_decided_together(response), at=at)
    clear_notices(to)


def alike(response: Response) -> QuerySet[Response]:
    """The responses that are decided with this one: it and those that say the same, and wait."""
    return _alike(response).select_related("writer__profile").order_by("sent_at", "pk")


def recipients_served(to: Addressee, reader: Account) -> list[Account]:
    """The recipients for whom `reader` reads first and blocks: themselves, or those who asked them to."""
    recipients = policy.recipients_of(to)
    if reader.pk in {one.pk for one in recipients}:
        return [reader]
    served = set(delegations.screening().filter(delegate=reader).values_list("author", flat=True))
    return [one for one in recipients if one.pk in served]


def clear_notices(to: Addressee) -> None:
    """Remove the recipients' notices about what was written to them, if none of it is left."""
    for kind, state in (
        (Notice.Kind.RESPONSE_PASSED_ON, State.PASSED_ON),
        (Notice.Kind.RESPONSE_QUESTION, State.ASKED),
    ):
        if not Response.objects.filter(policy.sent_to(to), state=state).exists():
            for recipient in policy.recipients_of(to):
                notices.untell(recipient.pk, kind, about=to.pk)


def _in_hand(response_id: UUID, *, by: Account, at: datetime) -> Response:
    """The response, locked with its recipients, if `by` has it in hand at `at`."""
    if _locked(response_id) is None:
        raise NotInHand
    held = policy.waiting_for(by).filter(pk=response_id, reader=by)
    response = held.select_related("post", "recipient", "writer").first()
    if response is None:
        raise NotInHand
    return response


def _locked(response_id: UUID) -> Response | None:
    """The response, with its post and everybody concerned locked, in the order that all of Beside follows."""
    rows = Response.objects.filter(pk=response_id).select_related("post", "recipient")
    found = rows.first()
    if found is None:
        return None
    to = policy.addressee_of(found)
    if found.post_id is not None:
        lock(found.post_id)
    same = Response.objects.filter(policy.sent_to(to), likeness=found.likeness)
    writers = same.filter(writer__isnull=False).values_list("writer", flat=True)
    blocks.lock(*writers, *(one.pk for one in policy.recipients_of(to)))
    return rows.select_for_update(of=("self",)).first()


def _alike(response: Response) -> QuerySet[Response]:
    same = Q(likeness=response.likeness, reader=None) | Q(pk=response.pk)
    to = policy.sent_to(policy.addressee_of(response))
    return policy.not_apart().filter(to, same, state=State.WAITING)


def _decided_together(response: Response) -> QuerySet[Response]:
    """`_alike` by their ids, so that they are still found once they have been decided."""
    return Response.objects.filter(pk__in=list(_alike(response).values_list("pk", flat=True)))


def _pass_on(some: QuerySet[Response], to: Addressee, *, at: datetime) -> None:
    some.update(state=State.PASSED_ON, decided_at=at, question="", **_PUT_DOWN)
    _tell(to, Notice.Kind.RESPONSE_PASSED_ON, at=at)


def _decline(some: QuerySet[Response], *, at: datetime) -> None:
    some.update(state=State.DECLINED, decided_at=at, **_NO_WORDS, **_PUT_DOWN)


def _seal(response: Response, *, by: Account, at: datetime) -> None:
    for one in list(_alike(response).select_related("writer__profile", "post", "recipient")):
        seals.make(one, by=by, at=at)
        Response.objects.filter(pk=one.pk).update(
            state=State.SEALED, decided_at=at, **_NO_WORDS, **_PUT_DOWN
        )


def _reply(response: Response, reply: str, *, by: Account, at: datetime) -> None:
    if reply.strip() and response.writer_id is not None:
        Response.objects.filter(pk=response.pk).update(reply=reply.strip(), reply_by=by)
        notices.tell(response.writer_id, Notice.Kind.RESPONSE_REPLIED, about=response.pk, at=at)


def _tell(to: Addressee, kind: Notice.Kind, *, at: datetime) -> None:
    """Nothing is announced on quiet days, nor afterwards: it is simply there."""
    recipients = policy.recipients_of(to)
    quiet = quiet_days.quiet_accounts(recipients, at=at)
    for recipient in recipients:
        if recipient.pk not in quiet:
            notices.tell(recipient.pk, kind, about=to.pk, at=at)
