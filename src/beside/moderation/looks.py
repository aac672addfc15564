"""Who may look at what because of a report: its response, or its letter's words, and then its photograph or, where it
is about the whole letter, one of the letter's photographs at a time.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from beside.access import looks
from beside.access.policy import NothingToSee, Viewer
from beside.moderation.models import Report
from beside.moderation.reports import NoSuchReport, readable_by
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import moderators
from beside.people.models import Account
from beside.responses import policy
from beside.responses.models import Response
from beside.responses.reports import WITH_WORDS


class NoReason(Exception):
    """A look needs a reason, which the authors read."""

    def __init__(self) -> None:
        super().__init__(_("Why do you need to look? The authors will read this sentence."))


@transaction.atomic
def look(
    report_id: UUID, photo_id: UUID | None, *, reason: str, by: Account, session: str, at: datetime
) -> None:
    """Begin a look at the words of the letter that a report is about, or at a photograph in it.

    Raises `NoReason`, `NotAModerator`, `NoSuchReport`, and `NothingToSee` as `access.looks.begin` does.
    """
    if not reason.strip():
        raise NoReason
    moderators.require(by)
    report = readable_by(by).filter(pk=report_id, decided_at=None).first()
    if report is None or report.post_id is None or not _is_about(report, photo_id):
        raise NoSuchReport
    viewer = Viewer(by.pk, session)
    looks.begin(viewer, report.post_id, photo_id, report=report.pk, reason=reason.strip(), at=at)


@transaction.atomic
def look_at_response(
    report_id: UUID, *, reason: str, by: Account, session: str, at: datetime
) -> None:
    """Begin a look at the response that a report is about, and tell those whom it concerns.

    Raises `NoReason`, `NotAModerator`, `NoSuchReport`, and `NothingToSee` where the response has no words any more.
    """
    if not reason.strip():
        raise NoReason
    moderators.require(by)
    report = readable_by(by).filter(pk=report_id, decided_at=None).first()
    if report is None or report.kind != Report.Kind.RESPONSE:
        raise NoSuchReport
    if report.response_id is None:
        raise NothingToSee
    rows = Response.objects.select_for_update(of=("self",)).filter(pk=report.response_id)
    response = rows.filter(state__in=WITH_WORDS).select_related("post", "recipient").first()
    if response is None:
        raise NothingToSee
    viewer = Viewer(by.pk, session)
    looks.begin_at_response(viewer, response.pk, report=report.pk, reason=reason.strip(), at=at)
    for account in (response.writer_id, *_who_read_it(response)):
        if account is not None:
            notices.tell(account, Notice.Kind.RESPONSE_LOOKED, about=response.pk, at=at)


def response_concerning(response_id: UUID, account: Account, *, at: datetime) -> Response:
    """The response, for its writer, or somebody to whom it was passed on: they see who has looked at it.

    Raises `NothingToSee`.
    """
    theirs = concerning(account, at=at).filter(pk=response_id).select_related("post").first()
    if theirs is None:
        raise NothingToSee
    return theirs


def concerning(account: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses at which a look concerns `account`: those that they wrote, and what was passed on to them."""
    to_me = policy.passed_on_to(account, at=at).values("pk")
    return Response.objects.filter(Q(writer=account) | Q(pk__in=to_me))


def _who_read_it(response: Response) -> list[UUID]:
    """Those to whom a response was passed on; none where it wasn't, so that they don't learn of it."""
    return [
        one.pk
        for one in policy.recipients_of(policy.addressee_of(response))
        if policy.passed_on_for(one).filter(pk=response.pk).exists()
    ]


def _is_about(report: Report, photo_id: UUID | None) -> bool:
    is_about_one = report.kind == Report.Kind.PHOTOGRAPH
    return photo_id is None or not is_about_one or report.photo_id == photo_id
