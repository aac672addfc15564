"""Entries of a family's timeline: writing, putting away and deleting them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.family import timeline_entries
from beside.family.models import TimelineEntry
from beside.family.timeline_entries import NoSuchEntry, TooManyEntries
from beside.web.forms.timeline_entries import TimelineEntryForm
from beside.web.http.request import Request
from beside.web.pages.timeline_entries import entry_form, entry_page


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """A new entry."""
    data = request.POST if request.method == "POST" else None
    return _edit(request, entry_form(request.account, data, at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, entry_id: UUID) -> HttpResponse:
    """Change an entry, put it away or take it out, or delete it."""
    try:
        entry = timeline_entries.get(entry_id, by=request.account)
        do = request.POST.get("do", "")
        if do in _ACTS:
            return _ACTS[do](request, entry)
    except NoSuchEntry:
        raise NothingToSee from None
    data = request.POST if request.method == "POST" else None
    form = entry_form(request.account, data, entry=entry, at=timezone.now())
    return _edit(request, form, entry)


def _edit(
    request: Request, form: TimelineEntryForm, entry: TimelineEntry | None = None
) -> HttpResponse:
    if not form.is_valid():
        page = entry_page(form, entry)
        return render(request, "timeline_entries/edit.html", {"page": page})
    key, text, me = form.entry_id(), form.text(), request.account
    try:
        timeline_entries.keep(key, text, form.meant(), by=me, at=timezone.now())
    except NoSuchEntry:
        raise NothingToSee from None
    except TooManyEntries as refusal:
        page = entry_page(form, entry, needs=str(refusal))
        return render(request, "timeline_entries/edit.html", {"page": page})
    return redirect("family")


def _put_away(request: Request, entry: TimelineEntry) -> HttpResponse:
    timeline_entries.put_away(entry.pk, by=request.account, at=timezone.now())
    messages.info(request, _("It’s put away. Only you see it."))
    return redirect("family")


def _take_out(request: Request, entry: TimelineEntry) -> HttpResponse:
    timeline_entries.take_out(entry.pk, by=request.account, at=timezone.now())
    return redirect("family")


def _delete(request: Request, entry: TimelineEntry) -> HttpResponse:
    timeline_entries.delete(entry.pk, by=request.account, at=timezone.now())
    messages.info(request, _("It’s deleted."))
    return redirect("family")


_ACTS = {"put_away": _put_away, "take_out": _take_out, "delete": _delete}
