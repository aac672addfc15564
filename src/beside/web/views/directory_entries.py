"""Finding people, and saying that one wants to be found."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.finding import directory_entries
from beside.finding.directory_entries import NotFound, Said
from beside.web.forms.directory_entries import DirectoryEntryForm, initial_of
from beside.web.http.request import Request
from beside.web.pages.directory_entries import directory_entry_page, find_page


@login_not_required
@require_safe
def index(request: Request) -> HttpResponse:
    """People who want to be found. Visitors are sent to the letters, where the host lets them read these."""
    if request.viewer.account is None:
        is_open = settings.BESIDE.shelf_for_visitors
        return redirect("shelf") if is_open else redirect_to_login(request.get_full_path())
    page = find_page(request.viewer, request.GET, at=timezone.now())
    template = "home/not_today.html" if page.is_not_today else "directory_entries/index.html"
    return render(request, template, {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """Say what others find, see it as they would, and end it."""
    acts = {"end": _end, "preview": _preview}
    if request.method == "POST":
        return acts.get(request.POST.get("do", ""), _save)(request)
    entry = directory_entries.of(request.account)
    initial = initial_of(entry) if entry else None
    return _page(request, DirectoryEntryForm(initial=initial, is_new=entry is None))


def _save(request: Request) -> HttpResponse:
    form = _typed(request)
    if not form.is_valid():
        return _page(request, form)
    try:
        _write(request, form)
    except NotFound:
        return _page(request, DirectoryEntryForm(request.POST, is_new=True))
    messages.info(request, _("Saved. People here who look for others can find you now."))
    return redirect("directory_entry")


def _write(request: Request, form: DirectoryEntryForm) -> None:
    """Without the yes, only somebody who is found already can save anything."""
    if form.cleaned_data.get("agrees"):
        directory_entries.save(request.account, form.said(), at=timezone.now())
    else:
        directory_entries.change(request.account, form.said())


def _preview(request: Request) -> HttpResponse:
    form = _typed(request)
    form.need_no_yes()
    return _page(request, form, form.said() if form.is_valid() else None)


def _end(request: Request) -> HttpResponse:
    directory_entries.end(request.account, at=timezone.now())
    messages.info(request, _("Nobody finds you any more, and what you’d said here is deleted."))
    return redirect("directory_entry")


def _typed(request: Request) -> DirectoryEntryForm:
    return DirectoryEntryForm(request.POST, is_new=directory_entries.of(request.account) is None)


def _page(
    request: Request, form: DirectoryEntryForm, previewed: Said | None = None
) -> HttpResponse:
    page = directory_entry_page(request.account, form, at=timezone.now(), previewed=previewed)
    return render(request, "directory_entries/edit.html", {"page": page})
