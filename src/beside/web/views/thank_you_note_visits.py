"""Where the address of a note of thanks leads. Looking at it opens nothing, whether a person or a program looks."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beside.people import guesses
from beside.thanks import thank_you_notes
from beside.thanks.answers import NoteAnswered
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NoteNotOpen
from beside.web.forms.thank_you_notes import AnswerForm, TypedCodeForm
from beside.web.http import thank_you_note_session
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request
from beside.web.pages.thank_you_note_visits import TypePage, ask_page, opened_page
from beside.web.views import not_sent


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """The note that is open in this browser, or the field for a code. The note's code isn't in this address."""
    if request.POST.get("do") == "close":
        thank_you_note_session.forget(request)
        messages.info(request, _("It’s closed in this browser."))
        return redirect("thank_you_note_visit")
    if request.method == "POST":
        return _open_typed(request)
    if thank_you_note_session.has_answered(request):
        return _page(request, "answered", TypePage(TypedCodeForm()))
    if not thank_you_note_session.has_begun(request):
        return _page(request, "type", TypePage(TypedCodeForm()))
    try:
        note = thank_you_note_session.opened(request, at=timezone.now())
    except NoteNotOpen as refusal:
        return _stopped(request, refusal)
    return _page(request, "show", opened_page(note, AnswerForm()))


@login_not_required
@require_POST
def answer(request: Request) -> HttpResponse:
    """The one answer. Whatever is wrong, what was typed is on the page that says so."""
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            note = thank_you_note_session.opened(request, at=timezone.now())
            return _page(request, "show", opened_page(note, form))
        key, text = form.sent_id(), form.text()
        thank_you_note_session.answer(request, key, text, at=timezone.now())
    except (NoteAnswered, NoteNotOpen) as refusal:
        return not_sent.page(request, form.typed, str(refusal), status=409)
    except (OSError, DatabaseError) as fault:
        says = not_sent.refusal(fault)
        return not_sent.page(request, form.typed, says, status=not_sent.status_of(fault))
    return redirect("thank_you_note_visit")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_by_code(request: Request, code: str) -> HttpResponse:
    """Say for whom a note is; a press opens it. A wrong code, a replaced one, and a note that has ended look the same."""
    try:
        note = _find(request, code)
    except NoteNotOpen as refusal:
        return _stopped(request, refusal)
    if request.method == "POST":
        return _open(request, note)
    return _page(request, "ask", ask_page(note))


def _open_typed(request: Request) -> HttpResponse:
    form = TypedCodeForm(request.POST)
    if not form.is_valid():
        return _page(request, "type", TypePage(form))
    try:
        return _open(request, _find(request, form.cleaned_data["code"]))
    except NoteNotOpen as refusal:
        return _page(request, "type", TypePage(form, str(refusal)))


def _find(request: Request, code: str) -> ThankYouNote:
    """The note with this code, which counts as a guess until it was right."""
    with counted(request, guesses.THANK_YOU_NOTE):
        return thank_you_notes.find(thank_you_notes.digest_of(code), at=timezone.now())


def _open(request: Request, note: ThankYouNote) -> HttpResponse:
    """Its author, who only tries the address, is taken to their own page of it."""
    if note.author_id == request.viewer.account:
        return redirect("thank_you_note", note.pk)
    thank_you_note_session.begin(request, note)
    return redirect("thank_you_note_visit")


def _stopped(request: Request, refusal: NoteNotOpen) -> HttpResponse:
    thank_you_note_session.forget(request)
    return _page(request, "type", TypePage(TypedCodeForm(), str(refusal)))


def _page(request: Request, which: str, page: object) -> HttpResponse:
    """In large text, like a letter that somebody was sent."""
    told = {"page": page, "large": True}
    return render(request, f"thank_you_note_visits/{which}.html", told)
