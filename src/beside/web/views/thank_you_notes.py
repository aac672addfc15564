"""Notes of thanks: their author's pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people import budgets
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NobodyHandsOver, NoteEnded, NoteIsSent, NotYourNote
from beside.web.forms.thank_you_notes import ThankYouNoteForm
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request
from beside.web.pages import thank_you_notes as pages
from beside.web.pages.thank_you_notes import Made


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """All notes, and a new one."""
    form = pages.note_form(request.account, request.POST or None)
    if form.is_valid() and (done := _write(request, form)):
        return done
    page = pages.thank_you_notes_page(request.account, form, at=timezone.now())
    return render(request, "thank_you_notes/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, note_id: UUID) -> HttpResponse:
    """One note: writing it while it is a draft, and ending or deleting it."""
    try:
        note = thank_you_notes.own(note_id, by=request.account)
        do = request.POST.get("do", "")
        if do in _ACTS:
            return _ACTS[do](request, note)
        form = pages.note_form(request.account, request.POST or None, note=note)
        if form.is_valid() and (done := _write(request, form)):
            return done
    except NotYourNote:
        raise NothingToSee from None
    return _page(request, note, form)


def _write(request: Request, form: ThankYouNoteForm) -> HttpResponse | None:
    """Keep or send what was typed; nothing if it was refused, and `form` says why."""
    try:
        return _send(request, form) if form.is_sent else _keep(request, form)
    except NotYourNote:
        raise NothingToSee from None
    except NoteIsSent as refusal:
        messages.info(request, str(refusal))
        return redirect("thank_you_note", form.note_id())
    except NobodyHandsOver as refusal:
        form.add_error("way", str(refusal))
        return None


def _keep(request: Request, form: ThankYouNoteForm) -> HttpResponse:
    key = form.note_id()
    thank_you_notes.keep(key, form.text(), by=request.account, at=timezone.now())
    messages.info(request, _("It’s kept. Nobody sees it but you."))
    return redirect("thank_you_note", key)


def _send(request: Request, form: ThankYouNoteForm) -> HttpResponse:
    key, text, me = form.note_id(), form.text(), request.account
    count_act(budgets.THANK_YOU_NOTES, me)
    code = thank_you_notes.send(key, text, form.sending(), by=me, at=timezone.now())
    return _sent(request, key, code, for_sheet=form.is_for_sheet())


def _sent(request: Request, key: UUID, code: str, *, for_sheet: bool) -> HttpResponse:
    """The answer once a note is sent. Its code is shown on this very answer, as a redirect would have to keep it."""
    note = thank_you_notes.own(key, by=request.account)
    if made := pages.made(note, code, for_sheet=for_sheet):
        return _page(request, note, made=made)
    messages.info(request, _("The team has it. You’ll see here when it’s been handed over."))
    return redirect("thank_you_note", key)


def _renew(request: Request, note: ThankYouNote) -> HttpResponse:
    count_act(budgets.THANK_YOU_NOTES, request.account)
    try:
        code = thank_you_notes.renew(note.pk, by=request.account, at=timezone.now())
    except NoteEnded as refusal:
        messages.info(request, str(refusal))
        return redirect("thank_you_note", note.pk)
    return _sent(request, note.pk, code, for_sheet=request.POST.get("do") == "sheet")


def _end(request: Request, note: ThankYouNote) -> HttpResponse:
    thank_you_notes.end(note.pk, by=request.account, at=timezone.now())
    messages.info(request, _("It has ended. Its address opens nothing any more, anywhere."))
    return redirect("thank_you_note", note.pk)


def _delete(request: Request, note: ThankYouNote) -> HttpResponse:
    thank_you_notes.delete(note.pk, by=request.account, at=timezone.now())
    messages.info(request, _("It’s deleted."))
    return redirect("thank_you_notes")


def _page(
    request: Request,
    note: ThankYouNote,
    form: ThankYouNoteForm | None = None,
    *,
    made: Made | None = None,
) -> HttpResponse:
    page = pages.thank_you_note_page(note, form, made=made, at=timezone.now())
    return render(request, "thank_you_notes/show.html", {"page": page})


_ACTS = {"anew": _renew, "sheet": _renew, "end": _end, "delete": _delete}
