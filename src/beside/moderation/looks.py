"""Who may look at what because of a report: its letter's words, and its photograph or, where it is about the whole
letter, one of the letter's photographs at a time.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from beside.access import looks
from beside.access.policy import Viewer
from beside.moderation.models import Report
from beside.moderation.reports import NoSuchReport, readable_by
from beside.people import moderators
from beside.people.models import Account


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


def _is_about(report: Report, photo_id: UUID | None) -> bool:
    is_about_one = report.kind == Report.Kind.PHOTOGRAPH
    return photo_id is None or not is_about_one or report.photo_id == photo_id
