"""Archives: asking for one, and downloading it. No part of it is ever on the server's disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beside.access.policy import NothingToSee
from beside.archive import exports, photographs, zip_stream
from beside.archive.exports import NoSuchExport
from beside.archive.layout import SUMS
from beside.archive.models import Export
from beside.people import delegations, sessions
from beside.people.delegations import HandsOver, NoSuchDelegation
from beside.people.models import Delegation
from beside.web import mails
from beside.web.forms.archive import ArchiveForm
from beside.web.http import ranges
from beside.web.http.ranges import TooManyDownloads
from beside.web.http.request import Request
from beside.web.pages import archive
from beside.web.views.sign_in import signed_in_lately


class Ended(Exception):
    """During the download the account lost the right to this archive."""


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """One's own archive: asking for it, and the link to it for as long as it can be downloaded."""
    me, now = request.account, timezone.now()
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        exports.ask_for(me, with_originals=form.with_originals(), at=now)
        return redirect("archive")
    return render(request, "archive/show.html", {"page": archive.own_page(me, form, at=now)})


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, delegation_id: UUID) -> HttpResponse:
    """The archive of an author, for their steward, who may hand it over once they may act."""
    me, now = request.account, timezone.now()
    held = _acting(request, delegation_id)
    if request.method != "POST":
        page = archive.steward_page(held, me, at=now)
        return render(request, "archive/show.html", {"page": page})
    with suppress(NoSuchDelegation):
        exports.hand_over(held.pk, by=me, at=now)
        mails.send_news_of_taking(held.author)
    return redirect("archive_of", held.pk)


@require_safe
def download(request: Request, export_id: UUID) -> HttpResponseBase:
    """The file itself. Before each photograph in it, permission is checked again."""
    now = timezone.now()
    try:
        export = exports.current(export_id, by=request.account, at=now)
    except NoSuchExport:
        raise NothingToSee from None
    try:
        return _zip(request, export, at=now)
    except TooManyDownloads:
        busy = render(request, "archive/busy.html", status=503)
        busy.headers["Retry-After"] = "300"
        return busy


def _zip(request: Request, export: Export, *, at: datetime) -> HttpResponseBase:
    files = archive.files_of(export, at=at)
    files = photographs.summed(files, SUMS, before_each=_still(request, export))
    made = timezone.localtime(export.made_at)
    return ranges.answer(
        request,
        zip_stream.stream(files, at=made),
        size=zip_stream.size_of(files),
        mark=zip_stream.mark_of(files, at=made),
        media_type="application/zip",
        name=f"beside-{made:%Y-%m-%d}.zip",
    )


def _still(request: Request, export: Export) -> Callable[[], None]:
    """A check that raises `Ended` once the archive, or the session that downloads it, has ended."""
    me, session = request.account, request.session.session_key

    def still() -> None:
        now = timezone.now()
        with suppress(NoSuchExport):
            exports.current(export.pk, by=me, at=now)
            if sessions.is_alive(session, of=me, at=now):
                return
        raise Ended

    return still


def _acting(request: Request, delegation_id: UUID) -> Delegation:
    may = delegations.acting(request.account, at=timezone.now())
    held = may.exclude(hands_over=HandsOver.NOTHING).select_related("author__profile")
    if found := held.filter(pk=delegation_id).first():
        return found
    raise NothingToSee
