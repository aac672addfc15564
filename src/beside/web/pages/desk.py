"""The desk: one response at a time for somebody who reads first, as its recipients would read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.policy import Viewer, visible_to
from beside.people import quiet_days
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.responses import desk, policy, queue
from beside.responses.models import Response
from beside.responses.policy import Addressee
from beside.web.forms.desk import QuestionForm, ReplyForm, SortingForm
from beside.web.pages import letter
from beside.web.pages.people import Person, in_a_row
from beside.web.pages.responses import paragraphs, said


@dataclass(frozen=True)
class InHand:
    """The response that somebody reads first now.

    `writer` is the name that its recipients will read; `account_name` is the account's own, if that is another.
    Nobody answers or blocks somebody who wrote without an account, as `has_account` says. `letter` is the
    letter's title, empty for somebody who may not see it, or if it `is_private`. `authors` are the names of all
    recipients, and `served` of those for whom it is read first; the names leave out the reader, if `is_author`.
    """

    id: UUID
    writer: str
    account_name: str
    has_account: bool
    is_private: bool
    is_new: bool
    letter: str
    paragraphs: Sequence[str]
    sent_at: datetime
    is_only_for_authors: bool
    is_like_others: bool
    is_author: bool
    authors: str
    served: str
    can_hand_over: bool


@dataclass(frozen=True)
class DeskPage:
    """The desk. `in_hand` is None if nothing is left to read, or while its reader rests.

    `is_quiet` says that the reader has quiet days, on which they are given nothing that was written to themselves.
    """

    in_hand: InHand | None
    reads_first: bool
    is_resting: bool
    is_quiet: bool
    reply: ReplyForm
    question: QuestionForm


@dataclass(frozen=True)
class SortingPage:
    """What falls to the end of somebody's queue."""

    form: SortingForm


@dataclass(frozen=True)
class StopReadingPage:
    """For whom somebody reads first: each delegation with its author's name, and whether for themselves too."""

    delegations: Sequence[Person]
    reads_own: bool


def desk_page(
    reader: Account,
    viewer: Viewer,
    sent: ReplyForm | QuestionForm | None = None,
    *,
    at: datetime,
) -> DeskPage:
    """The desk of `reader`, who now has the next response in hand, unless they rest.

    `sent` is a form about the response in hand that lacks something.
    """
    is_resting = queue.is_resting(reader, at=at)
    response = None if is_resting else queue.take_next(reader, at=at)
    seen = _in_hand(response, reader, viewer, at=at) if response else None
    blank = ReplyForm(initial={"reply": _first_words(seen) if seen else ""})
    return DeskPage(
        in_hand=seen,
        reads_first=seen is not None or policy.reads_first(reader),
        is_resting=is_resting,
        is_quiet=quiet_days.until(reader, at=at) is not None,
        reply=sent if isinstance(sent, ReplyForm) else blank,
        question=sent if isinstance(sent, QuestionForm) else QuestionForm(),
    )


def sorting_form(reader: Account) -> SortingForm:
    """The form with what `reader` has chosen."""
    chosen = queue.setting_of(reader)
    return SortingForm(
        initial={
            "new_people_last": chosen.new_people_last,
            "many_at_once_last": chosen.many_at_once_last,
            "words": chosen.words,
        }
    )


def stop_reading_page(reader: Account) -> StopReadingPage:
    """Everything that `reader` can stop."""
    held = queue.delegations_of(reader)
    return StopReadingPage(
        delegations=[Person(one.pk, name_of(one.author)) for one in held],
        reads_own=policy.reads_own(reader),
    )


def _in_hand(response: Response, reader: Account, viewer: Viewer, *, at: datetime) -> InHand:
    to, writer = policy.addressee_of(response), response.writer
    recipients = policy.recipients_of(to)
    return InHand(
        id=response.pk,
        writer=said(response).name,
        account_name=name_of(writer) if response.pen_name else "",
        has_account=writer is not None,
        is_private=response.recipient_id is not None,
        is_new=writer is not None and writer.joined_at > at - queue.NEW_FOR,
        letter=_title_for(to, viewer, at=at),
        paragraphs=paragraphs(response.words),
        sent_at=response.sent_at,
        is_only_for_authors=response.only_for_authors,
        is_like_others=desk.alike(response)[:2].count() > 1,
        is_author=reader in recipients,
        authors=_names(recipients, besides=reader),
        served=_names(desk.recipients_served(to, reader), besides=reader),
        can_hand_over=bool(queue.others_who_read(response, reader)),
    )


def _title_for(to: Addressee, viewer: Viewer, *, at: datetime) -> str:
    if isinstance(to, Post) and visible_to(viewer, at=at).filter(pk=to.pk).exists():
        return letter.title_of(to)
    return ""


def _names(people: Sequence[Account], *, besides: Account) -> str:
    return in_a_row([name_of(one) for one in people if one.pk != besides.pk])


def _first_words(seen: InHand) -> str:
    if seen.is_author:
        return ""
    return _(
        "Thank you for writing. I read things first for %(names)s, and I won’t be passing this one on."
    ) % {"names": seen.served}
