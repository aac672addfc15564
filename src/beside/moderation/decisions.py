"""What moderators decide: to close a letter, a place or a mail address, to open it again, or to leave it as it is.

Every act asks again whether it is a moderator's, and not about themselves, in the transaction that does it. Of two
moderators who decide about one report at once, the second is told that it is decided.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from beside.access import looks
from beside.moderation.models import Appeal, Report
from beside.moderation.reports import NoSuchReport, readable_by
from beside.people import moderators
from beside.people import suspensions as people
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.posts import suspensions as letters

Outcome = Report.Outcome


class AlreadyDecided(Exception):
    """Another moderator has decided about the report or the appeal in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has decided about it in the meantime."))


@transaction.atomic
def leave(report_id: UUID, *, by: Account, at: datetime) -> None:
    """Leave everything as it is. Raises `NotAModerator`, `NoSuchReport` and `AlreadyDecided`."""
    _decide(_locked(report_id, by=by), Outcome.LEFT, by=by, at=at)


@transaction.atomic
def close_letter(report_id: UUID, *, because: str, by: Account, at: datetime) -> None:
    """Suspend the letter that a report is about; its authors read `because`. Raises what `leave` does."""
    report = _locked(report_id, by=by)
    if report.post_id is None:
        raise NoSuchReport
    letters.suspend(report.post_id, because=because, at=at)
    _decide(report, Outcome.LETTER_CLOSED, by=by, at=at)


@transaction.atomic
def close_place(
    report_id: UUID, account_id: UUID, *, because: str, by: Account, at: datetime
) -> None:
    """Suspend somebody whom a report is about; they read `because`.

    Raises what `leave` does, and `suspensions.HostCannotBeSuspended`.
    """
    report = _locked(report_id, by=by)
    if not report.about.filter(pk=account_id).exists():
        raise NoSuchReport
    people.suspend(account_id, because=because, at=at)
    _decide(report, Outcome.PLACE_CLOSED, by=by, at=at)


@transaction.atomic
def close_address(address: str, *, because: str, by: Account, at: datetime) -> None:
    """Keep a mail address from being invited and from joining. Raises `NotAModerator`."""
    moderators.require(by)
    people.suspend_address(address, because=because, at=at)


@transaction.atomic
def open_letter(post_id: UUID, *, by: Account, at: datetime) -> None:
    """Lift the suspension of a letter that `by` didn't write, and close its appeals. Raises `NotAModerator`."""
    moderators.require(by)
    if letters.suspended().filter(pk=post_id, authorships__account=by).exists():
        raise NotAModerator
    letters.lift(post_id, at=at)
    Appeal.objects.filter(post=post_id).delete()


@transaction.atomic
def open_place(account_id: UUID, *, by: Account) -> None:
    """Lift the suspension of an account, and close its appeals. Raises `NotAModerator`."""
    moderators.require(by)
    people.lift(account_id)
    Appeal.objects.filter(account=account_id, post=None).delete()


@transaction.atomic
def open_address(address: str, *, by: Account) -> None:
    """Lift the suspension of a mail address. Raises `NotAModerator`."""
    moderators.require(by)
    people.lift_address(address)


@transaction.atomic
def decline_appeal(appeal_id: UUID, *, by: Account, at: datetime) -> None:
    """Leave a suspension as it is. Raises `NotAModerator` and `AlreadyDecided`."""
    moderators.require(by)
    open_now = Appeal.objects.filter(pk=appeal_id, declined_at=None).exclude(account=by)
    if not open_now.update(declined_at=at):
        raise AlreadyDecided


def _locked(report_id: UUID, *, by: Account) -> Report:
    moderators.require(by)
    if not readable_by(by).filter(pk=report_id).exists():
        raise NoSuchReport
    report = Report.objects.select_for_update().filter(pk=report_id).first()
    if report is None or report.decided_at is not None:
        raise AlreadyDecided
    return report


def _decide(report: Report, outcome: Outcome, *, by: Account, at: datetime) -> None:
    looks.end(report.pk)
    Report.objects.filter(pk=report.pk).update(decided_at=at, decided_by=by, outcome=outcome)
