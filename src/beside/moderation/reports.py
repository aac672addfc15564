"""Reports: somebody tells the moderators about a letter, a photograph, a response or a person. Nothing changes by a report alone.

Those whom a report is about never read it, and are never told who wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.access import claims
from beside.access.policy import NothingToSee, SeenPost, Sight, Viewer
from beside.access.profiles import people_known_to
from beside.moderation.models import Report
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import moderators, names
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.posts.authorship import authors_of
from beside.responses import policy
from beside.responses.models import Response
from beside.responses.reports import reportable

KEPT_FOR = timedelta(days=180)


class NoSuchReport(Exception):
    """There is no such report, or it isn't theirs to read. Pages answer with the 404 page."""


class ReportText(NamedTuple):
    """What somebody writes; a name and a mail address if they have no account and want an answer."""

    words: str
    name: str = ""
    address: str = ""


@transaction.atomic
def send_about_letter(
    post: SeenPost, photo_id: UUID | None, said: ReportText, *, viewer: Viewer, at: datetime
) -> Report:
    """Report a letter, or one of its photographs. `post` must come from `policy.see`.

    Raises `NothingToSee` where `viewer` may not know of this photograph.
    """
    shown = claims.photographs_in(post, viewer, at=at) if post.sight >= Sight.VEIL else []
    if photo_id is not None and photo_id not in {photo.pk for photo in shown}:
        raise NothingToSee
    kind = Report.Kind.LETTER if photo_id is None else Report.Kind.PHOTOGRAPH
    report = _new(kind, said, viewer=viewer, at=at)
    report.post_id, report.photo_id = post.pk, photo_id
    return _send(report, authors_of(post))


@transaction.atomic
def send_about_person(
    account_id: UUID, said: ReportText, *, viewer: Viewer, at: datetime
) -> Report:
    """Report a person. Raises `NothingToSee` unless `viewer` may open their page."""
    person = people_known_to(viewer.account).filter(pk=account_id).first()
    if person is None:
        raise NothingToSee
    return _send(_new(Report.Kind.PERSON, said, viewer=viewer, at=at), [person])


@transaction.atomic
def send_about_response(
    response_id: UUID, said: ReportText, *, viewer: Viewer, at: datetime
) -> Report:
    """Report a response. Those for whom it was written never read the report, even as moderators.

    Raises `NothingToSee` unless `viewer` reads it at `at` (`responses.reports`).
    """
    # Evaluated for its lock: whoever takes it back waits, or has come first.
    list(Response.objects.select_for_update(of=("self",)).filter(pk=response_id))
    response = reportable(response_id, viewer, at=at).response
    report = _new(Report.Kind.RESPONSE, said, viewer=viewer, at=at)
    report.response_id = response.pk
    about = [response.writer] if response.writer else []
    recipients = policy.recipients_of(policy.addressee_of(response))
    return _send(report, about, kept_from=recipients)


def readers(about: Iterable[Account]) -> QuerySet[Account]:
    """The moderators who may read a report about these people."""
    return moderators.everybody().exclude(pk__in=[one.pk for one in about])


def waiting_for(moderator: Account) -> QuerySet[Report]:
    """The reports that `moderator` can decide, oldest first. Raises `NotAModerator`."""
    return readable_by(moderator).filter(decided_at=None).order_by("sent_at", "pk")


def readable_by(moderator: Account) -> QuerySet[Report]:
    """All reports but those about `moderator`, or about a response to them. Raises `NotAModerator`."""
    if not moderators.is_moderator(moderator):
        raise NotAModerator
    to_me = Q(response__post__authorships__account=moderator) | Q(response__recipient=moderator)
    concerned = Q(about=moderator) | Q(kept_from=moderator) | to_me
    not_mine = Report.objects.filter(concerned).values("pk")
    others = Report.objects.exclude(pk__in=not_mine)
    return others.select_related("post", "response", "reporter__profile")


def get(report_id: UUID, *, by: Account) -> Report:
    """One report, for a moderator whom it isn't about. Raises `NotAModerator` and `NoSuchReport`."""
    report = readable_by(by).filter(pk=report_id).first()
    if report is None:
        raise NoSuchReport
    return report


def run_due(at: datetime) -> None:
    """Delete reports half a year after they were decided. The worker calls this; twice is harmless."""
    Report.objects.filter(decided_at__lte=at - KEPT_FOR).delete()


def _new(kind: Report.Kind, said: ReportText, *, viewer: Viewer, at: datetime) -> Report:
    return Report(
        kind=kind,
        reporter_id=viewer.account,
        name="" if viewer.account else names.clean(said.name),
        address="" if viewer.account else said.address,
        words=said.words.strip(),
        sent_at=at,
    )


def _send(report: Report, about: Sequence[Account], *, kept_from: Sequence[Account] = ()) -> Report:
    report.save(force_insert=True)
    report.about.set(about)
    report.kept_from.set(kept_from)
    for moderator in readers([*about, *kept_from]):
        notices.tell(moderator.pk, Notice.Kind.REPORTED, at=report.sent_at)
    return report
