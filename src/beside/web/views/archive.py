"""An archive: making one, and downloading it. Nothing of it is ever written to the server's disk."""

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
from beside.people import delegations, sessions, time_zones
from beside.people.delegations import HandsOver, NoSuchDelegation
from beside.people.models import Delegation
from beside.web import mails
from beside.web.forms.archive import ArchiveForm
from beside.web.http import ranges
from beside.web.http.request import Request
from beside.web.pages.archive import hand_over_page, own_archive_page
from beside.web.pages.archive_files import files_of
from beside.web.views.sign_in import signed_in_lately


class Ended(Exception):
    """While it was being downloaded, the archive or the downloader's session ended."""


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """Make one's own archive, and find it for as long as it can be downloaded."""
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        exports.request(request.account, with_originals=form.with_originals(), at=timezone.now())
        return redirect("archive")
    page = own_archive_page(request.account, form, at=timezone.now())
    return render(request, "archive/show.html", {"page": page})


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Request, delegation_id: UUID) -> HttpResponse:
    """Make the archive of an author for whom one may act; the author is told by mail."""
    me, now = request.account, timezone.now()
    held = _acting(request, delegation_id)
    if request.method == "POST":
        with suppress(NoSuchDelegation):
            exports.hand_over(held.pk, by=me, at=now)
            mails.send_news_of_taking(held.author)
        return redirect("archive_of", held.pk)
    return render(request, "archive/show.html", {"page": hand_over_page(held, me, at=now)})


@require_safe
def download(request: Request, export_id: UUID) -> HttpResponseBase:
    """Download the file. Whether it may be downloaded is asked again before each photograph in it."""
    now = timezone.now()
    try:
        export = exports.current(export_id, by=request.account, at=now)
    except NoSuchExport:
        raise NothingToSee from None
    return _send(request, export, at=now)


def _send(request: Request, export: Export, *, at: datetime) -> HttpResponseBase:
    files = photographs.with_checksums(
        files_of(export, at=at), SUMS, before_each=_still(request, export)
    )
    made = timezone.localtime(export.made_at, time_zones.of(export.account))
    return ranges.answer(
        request,
        zip_stream.stream(files, at=made),
        size=zip_stream.size_of(files),
        mark=zip_stream.digest_of(files, at=made),
        media_type="application/zip",
        name=f"beside-{made:%Y-%m-%d}.zip",
    )


def _still(request: Request, export: Export) -> Callable[[], None]:
    """A function that raises `Ended` once the archive, or the downloader's session, has ended."""
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
