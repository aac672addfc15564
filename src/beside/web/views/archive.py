"""An archive: asking for one, and fetching it. Nothing of it is ever on the server's disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beside.access.policy import NothingToSee
from beside.archive import exports, photographs, zip_stream
from beside.archive.contents import contents_of
from beside.archive.exports import NoSuchExport
from beside.archive.layout import SUMS, layout_of
from beside.archive.models import Export
from beside.people import delegations, sessions, time_zones
from beside.people.delegations import HandsOver, NoSuchDelegation
from beside.people.models import Delegation
from beside.posts.authorship import name_of
from beside.web import mails
from beside.web.forms.archive import ArchiveForm
from beside.web.http import ranges
from beside.web.http.ranges import NoRoom
from beside.web.http.request import Request
from beside.web.pages import archive
from beside.web.views.sign_in import signed_in_lately


class Ended(Exception):
    """While an archive was on its way, it stopped being whoever fetches it's to have."""


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """One's own: asking for it, and the way to it for as long as it can be fetched."""
    me, now = request.account, timezone.now()
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        exports.request(me, with_originals=form.with_originals(), at=now)
        return redirect("archive")
    export = exports.available_to(me, at=now).filter(delegation=None).first()
    told = {**_ready(export), "form": form, "handed_over": exports.handed_over(me)}
    return render(request, "archive/show.html", told)


@signed_in_lately
@require_http_methods(["GET", "HEAD", "POST"])
def to_hand_over(request: Request, delegation_id: UUID) -> HttpResponse:
    """That of an author for whom one is there for after, once one may act for them."""
    me, now = request.account, timezone.now()
    held = _acting(request, delegation_id)
    if request.method == "POST":
        with suppress(NoSuchDelegation):
            exports.hand_over(held.pk, by=me, at=now)
            mails.send_news_of_taking(held.author)
        return redirect("archive_of", held.pk)
    export = exports.available_to(me, at=now).filter(delegation=held).first()
    told = {**_ready(export), "delegation": held, "name": name_of(held.author)}
    return render(request, "archive/show.html", told)


@require_safe
def fetch(request: Request, export_id: UUID) -> HttpResponseBase:
    """The file itself. Whether it may be had is asked again before each photograph in it."""
    now = timezone.now()
    try:
        export = exports.current(export_id, by=request.account, at=now)
    except NoSuchExport:
        raise NothingToSee from None
    files = archive.files_of(export, at=now)
    files = photographs.with_checksums(files, SUMS, before_each=_still(request, export))
    made = timezone.localtime(export.made_at, time_zones.of(export.account))
    try:
        return ranges.answer(
            request,
            zip_stream.stream(files, at=made),
            size=zip_stream.size_of(files),
            mark=zip_stream.digest_of(files, at=made),
            media_type="application/zip",
            name=f"beside-{made:%Y-%m-%d}.zip",
        )
    except NoRoom:
        busy = render(request, "archive/busy.html", status=503)
        busy.headers["Retry-After"] = "300"
        return busy


def _still(request: Request, export: Export) -> Callable[[], None]:
    """Raises `Ended` once the archive, or the visit in which it is fetched, has ended."""
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


def _ready(export: Export | None) -> dict[str, object]:
    if export is None:
        return {"export": None}
    layout = layout_of(contents_of(export, at=timezone.now()), export)
    return {"export": export, "bytes": sum(file.size for file in layout.pictures())}
