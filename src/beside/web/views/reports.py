"""Reports: writing one, with or without an account, and deciding about those that wait."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.moderation import appeals, decisions, looks, reports
from beside.moderation.decisions import AlreadyDecided
from beside.moderation.models import Report
from beside.moderation.reports import NoSuchReport
from beside.people import budgets
from beside.people.guesses import TooManyGuesses
from beside.people.moderators import NotAModerator
from beside.people.suspensions import HostCannotBeSuspended
from beside.responses.reports import reportable
from beside.web.forms.reports import BecauseForm, LookForm, ReportForm
from beside.web.http.rate_limits import count_for_anybody, sentence_for
from beside.web.http.request import Request, posted_id
from beside.web.pages import content_preferences
from beside.web.pages.people import person_for
from beside.web.pages.reports import (
    ReportFormPage,
    back_from,
    letter_report_page,
    look_form,
    person_report_page,
    report_form,
    report_page,
    reports_page,
    response_report_page,
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, post_id: UUID) -> HttpResponse:
    """Report a letter or one of its photographs, as anybody can who sees its words."""
    now, viewer = timezone.now(), request.viewer
    post = content_preferences.find_post(request, post_id, at=now)
    form = report_form(request.POST or None, post, viewer, at=now)
    if not _may_be_sent(request, form):
        return _asked_again(request, letter_report_page(post, form))
    reports.send_about_letter(post, form.photo_id(), form.report_text(), viewer=viewer, at=now)
    return _thanked(request, "letter", post_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_about_person(request: Request, account_id: UUID) -> HttpResponse:
    """Report a person, as anybody can who may open their page."""
    now, person = timezone.now(), person_for(request.viewer, account_id)
    form = report_form(request.POST or None, None, request.viewer, at=now)
    if not _may_be_sent(request, form):
        return _asked_again(request, person_report_page(person, form))
    reports.send_about_person(person.pk, form.report_text(), viewer=request.viewer, at=now)
    return _thanked(request, "profile", account_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_about_response(request: Request, response_id: UUID) -> HttpResponse:
    """Report a response, as anybody can who reads it: in hand, passed on to them, or beside the letter."""
    now, viewer = timezone.now(), request.viewer
    read = reportable(response_id, viewer, at=now)
    form = report_form(request.POST or None, None, viewer, at=now)
    if not _may_be_sent(request, form):
        return _asked_again(request, response_report_page(read, form))
    reports.send_about_response(response_id, form.report_text(), viewer=viewer, at=now)
    return _thanked(request, *back_from(read))


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The reports and appeals that wait. It is a 404 for everybody but a moderator."""
    try:
        if request.method == "POST":
            _answer_appeal(request)
            return redirect("reports")
        page = reports_page(request.account)
    except (NotAModerator, NoSuchReport, AlreadyDecided):
        raise NothingToSee from None
    return render(request, "reports/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, report_id: UUID) -> HttpResponse:
    """One report, and what can be decided about it."""
    try:
        report = reports.get(report_id, by=request.account)
        if request.POST.get("do") == "look":
            return _look(request, report)
        form = BecauseForm(request.POST or None)
        if request.method == "POST" and (said := _decide(request, report, form)):
            messages.info(request, said)
            return redirect("reports")
    except (NoSuchReport, NotAModerator):
        raise NothingToSee from None
    return _shown(request, report, form=form)


def _shown(
    request: Request, report: Report, *, form: BecauseForm, look: LookForm | None = None
) -> HttpResponse:
    page = report_page(report, request.viewer, at=timezone.now(), form=form, look=look)
    return render(request, "reports/show.html", {"page": page})


def _look(request: Request, report: Report) -> HttpResponse:
    """Begin a look. Its reason is written down, and those whom it concerns are told, before anything is shown."""
    now, session = timezone.now(), request.session.session_key or ""
    form = look_form(request.POST, report, request.viewer, at=now)
    if not form.is_valid():
        return _shown(request, report, form=BecauseForm(), look=form)
    who = {"reason": form.cleaned_data["reason"], "by": request.account, "session": session}
    if report.kind == Report.Kind.RESPONSE:
        looks.look_at_response(report.pk, **who, at=now)
    else:
        looks.look(report.pk, form.cleaned_data.get("photo"), **who, at=now)
    messages.info(request, _("It’s written down, and whoever it concerns is told."))
    return redirect("report", report.pk)


def _may_be_sent(request: Request, form: ReportForm) -> bool:
    """Whether the form is complete and within the budget; where it isn't, it says so, with all that was typed."""
    if not form.is_valid():
        return False
    try:
        count_for_anybody(request, budgets.REPORTS)
    except TooManyGuesses as refusal:
        form.add_error(None, sentence_for(refusal))
    return not form.errors


def _asked_again(request: Request, page: ReportFormPage) -> HttpResponse:
    status = 429 if page.form.is_bound and page.form.non_field_errors() else 200
    return render(request, "reports/create.html", {"page": page}, status=status)


def _thanked(request: Request, to: str, *about: UUID) -> HttpResponse:
    messages.info(
        request,
        _(
            "It’s with the people who look after this place. Nobody it’s about is told who wrote it."
        ),
    )
    return redirect(to, *about)


def _decide(request: Request, report: Report, form: BecauseForm) -> str:
    """Do it, and say in a sentence what was done; empty where the form needs something."""
    do, by, at = request.POST.get("do", ""), request.account, timezone.now()
    try:
        if do == "leave":
            decisions.leave(report.pk, by=by, at=at)
            return _("It’s left as it is. Nobody is told.")
        if not form.is_valid():
            return ""
        because = form.cleaned_data["because"]
        if do == "close letter":
            decisions.close_letter(report.pk, because=because, by=by, at=at)
            return _("The letter is closed. Only its authors see it, and they’re told why.")
        decisions.close_place(report.pk, posted_id(request, "do"), because=because, by=by, at=at)
    except (AlreadyDecided, HostCannotBeSuspended) as refusal:
        return str(refusal)
    return _("The place is closed. They can sign in and read why. Nothing is deleted.")


def _answer_appeal(request: Request) -> None:
    """Open again what the appeal is about, or leave it closed."""
    appeal = appeals.waiting_for(request.account).filter(pk=posted_id(request, "appeal"))
    for one in appeal:
        if request.POST.get("do") == "leave":
            decisions.decline_appeal(one.pk, by=request.account, at=timezone.now())
        elif one.post_id is not None:
            decisions.open_letter(one.post_id, by=request.account, at=timezone.now())
        else:
            decisions.open_place(one.account_id, by=request.account)
        messages.info(request, _("That’s done. They can read it."))
