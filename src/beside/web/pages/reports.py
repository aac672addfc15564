"""Reports: for those who write one, and for the moderators who decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.access import claims, looks
from beside.access.policy import (
    NothingToSee,
    SeenPost,
    Sight,
    Viewer,
    see,
    with_openness,
)
from beside.moderation import appeals, reports
from beside.moderation.models import Appeal, Report
from beside.moderation.seals import openable_by
from beside.people import formats
from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.responses import policy
from beside.responses.models import Response
from beside.responses.reports import Read, Where, open_to
from beside.web import numbers
from beside.web.forms.reports import ABOUT, BecauseForm, LookForm, ReportForm, ResponseLookForm
from beside.web.pages.people import in_a_row, print_of
from beside.web.pages.photographs import Print
from beside.web.pages.responses import Said, said


@dataclass(frozen=True)
class ReportFormPage:
    """Writing a report about a letter (`post`), a person or a response. `whose` are those whom it is about, by name.

    `has_reader` is False where there is no moderator but those whom it is about. `back` is the address of the page
    on which a response is read.
    """

    form: ReportForm
    whose: str
    has_reader: bool
    post: Post | None = None
    person: UUID | None = None
    back: str = ""


@dataclass(frozen=True)
class Line:
    """One report or appeal that waits, in a sentence."""

    id: UUID
    says: str
    at: datetime


@dataclass(frozen=True)
class AppealLine:
    """One appeal: who writes, what was closed (`post` is None for their place), and what they say."""

    id: UUID
    name: str
    account: UUID
    post: UUID | None
    words: str
    at: datetime


@dataclass(frozen=True)
class ReportsPage:
    """What waits for a moderator."""

    waiting: Sequence[Line]
    appeals: Sequence[AppealLine]


@dataclass(frozen=True)
class Person:
    """Somebody whom a report is about, and whether their place can be closed here."""

    id: UUID
    name: str
    can_be_closed: bool


@dataclass(frozen=True)
class Reported:
    """A response that was reported: what it says while the moderator looks at it, or why nothing can be looked at.

    `seal` is one that the moderator may open.
    """

    said: Said | None
    why_not: str
    seal: UUID | None = None


@dataclass(frozen=True)
class ReportPage:
    """One report, for a moderator. `from_whom` is never shown to those whom it is about.

    `letter` is the id of its letter if the moderator may read the words now, `prints` are the photographs at which they
    look now, and `look` is the form for looking at what they can't see yet. `response` is there for a report about one.
    """

    report: Report
    says: str
    from_whom: str
    about: Sequence[Person]
    has_letter: bool
    letter: UUID | None
    prints: Sequence[Print]
    look: LookForm | None
    is_decided: bool
    decided: str
    form: BecauseForm
    response: Reported | None


def report_form(
    data: QueryDict | None, post: SeenPost | None, viewer: Viewer, *, at: datetime
) -> ReportForm:
    """The form, with a choice for each photograph of `post` that `viewer` may know of."""
    photos = []
    if post is not None and post.sight >= Sight.VEIL:
        found = claims.photographs_in(post, viewer, at=at)
        photos = [(photo.pk, numbers.ordinal(place)) for place, photo in enumerate(found, 1)]
    return ReportForm(data, photos=photos, is_signed_in=viewer.account is not None)


def letter_report_page(post: Post, form: ReportForm) -> ReportFormPage:
    """Reporting a letter."""
    authors = authors_of(post)
    whose = in_a_row([name_of(author) for author in authors])
    return ReportFormPage(form, whose, reports.readers(authors).exists(), post=post)


def person_report_page(person: Account, form: ReportForm) -> ReportFormPage:
    """Reporting a person."""
    has_reader = reports.readers([person]).exists()
    return ReportFormPage(form, name_of(person), has_reader, person=person.pk)


def response_report_page(read: Read, form: ReportForm) -> ReportFormPage:
    """Reporting a response. Nothing here tells who writes under a pen name."""
    response = read.response
    told = said(response)
    concerned = policy.recipients_of(policy.addressee_of(response))
    if response.writer is not None and not told.is_pen_name:
        concerned.append(response.writer)
    has_reader = reports.readers(concerned).exists()
    name, *ids = back_from(read)
    return ReportFormPage(form, told.name, has_reader, back=reverse(name, args=ids))


def back_from(read: Read) -> tuple[str, *tuple[UUID, ...]]:
    """The page on which a response is read: its address's name and ids."""
    if read.where == Where.DESK:
        return ("desk",)
    if read.where == Where.LETTER and read.response.post_id is not None:
        return "letter", read.response.post_id
    return "response", read.response.pk


def reports_page(moderator: Account) -> ReportsPage:
    """What waits for `moderator`. Raises `NotAModerator`."""
    waiting = reports.waiting_for(moderator).prefetch_related("about__profile")
    return ReportsPage(
        [Line(one.pk, _says(one), one.sent_at) for one in waiting],
        [_appeal(one) for one in appeals.waiting_for(moderator)],
    )


def report_page(
    report: Report,
    viewer: Viewer,
    *,
    at: datetime,
    form: BecauseForm,
    look: LookForm | None = None,
) -> ReportPage:
    """One report, which comes from `reports.get`, for the moderator `viewer`."""
    people = list(report.about.select_related("profile").order_by("profile__name", "pk"))
    post = _readable(report, viewer, at=at)
    response = _reported(report, viewer, at=at)
    return ReportPage(
        report=report,
        says=_says(report),
        from_whom=_from_whom(report),
        about=[
            Person(one.pk, name_of(one), not one.is_host and one.suspended_at is None)
            for one in people
        ],
        has_letter=report.post_id is not None,
        letter=post.pk if post else None,
        prints=_prints(report, viewer, at=at) if post else [],
        look=(look or look_form(None, report, viewer, at=at))
        if _may_look(report, response)
        else None,
        is_decided=report.decided_at is not None,
        decided=str(_DECIDED.get(Report.Outcome(report.outcome), "")) if report.outcome else "",
        form=form,
        response=response,
    )


def look_form(data: QueryDict | None, report: Report, viewer: Viewer, *, at: datetime) -> LookForm:
    """The form for looking at the words, or once these are open to `viewer`, at a photograph."""
    if report.kind == Report.Kind.RESPONSE:
        return ResponseLookForm(data)
    if _readable(report, viewer, at=at) is None or report.post is None:
        return LookForm(data)
    order = enumerate(report.post.placed.order_by("position").values_list("photo", flat=True), 1)
    is_one = report.kind == Report.Kind.PHOTOGRAPH
    photos = [(photo, numbers.ordinal(place)) for place, photo in order]
    return LookForm(data, photos=[one for one in photos if not is_one or one[0] == report.photo_id])


def _may_look(report: Report, response: Reported | None) -> bool:
    is_closed = response is not None and response.said is None and not response.why_not
    return report.decided_at is None and (report.post_id is not None or is_closed)


def _reported(report: Report, viewer: Viewer, *, at: datetime) -> Reported | None:
    if report.kind != Report.Kind.RESPONSE:
        return None
    if report.response is None:
        return Reported(None, _("It isn’t here any more: its writer has taken it back, or left."))
    if report.response.state == Response.State.DECLINED:
        return Reported(
            None, _("It was declined, and its words were deleted then. Nothing is left.")
        )
    if report.response.state == Response.State.SEALED:
        says = _("It’s sealed now: locked, and read by nobody unless it’s opened.")
        return Reported(None, says, _seal(report.response, viewer, at=at))
    opened = open_to(viewer, at=at).filter(pk=report.response.pk)
    found = opened.select_related("writer__profile").first()
    return Reported(said(found) if found else None, "")


def _seal(response: Response, viewer: Viewer, *, at: datetime) -> UUID | None:
    moderator = Account(pk=viewer.account)
    found = openable_by(moderator, at=at).filter(response=response)
    return found.values_list("pk", flat=True).first()


def _readable(report: Report, viewer: Viewer, *, at: datetime) -> SeenPost | None:
    if report.post_id is None:
        return None
    try:
        return see(viewer, report.post_id, at=at)
    except NothingToSee:
        return None


def _prints(report: Report, viewer: Viewer, *, at: datetime) -> list[Print]:
    begun = looks.photographs_open(viewer, report=report.pk, at=at)
    photos = with_openness(begun, viewer, at=at).prefetch_related("renditions")
    return [print_of(photo, viewer, at=at) for photo in photos if photo.is_open]


_DECIDED = {
    Report.Outcome.LEFT: gettext_lazy("It was left as it is."),
    Report.Outcome.LETTER_CLOSED: gettext_lazy("The letter was closed."),
    Report.Outcome.PLACE_CLOSED: gettext_lazy("A place was closed."),
}


def _says(report: Report) -> str:
    names = in_a_row([name_of(one) for one in report.about.all()])
    return str(ABOUT[Report.Kind(report.kind), bool(names)]) % {"names": names}


def _from_whom(report: Report) -> str:
    if report.reporter_id is not None:
        return name_of(report.reporter)
    said = [one for one in (isolated(report.name) if report.name else "", report.address) if one]
    return formats.listed(said, style="unit") or _("Somebody without an account")


def _appeal(one: Appeal) -> AppealLine:
    return AppealLine(
        one.pk, name_of(one.account), one.account_id, one.post_id, one.words, one.sent_at
    )
