"""Sealed responses: opening one's own, or as a moderator, and asking for a file of what is kept from oneself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.archive import zip_stream
from beside.moderation import seals as moderators_seals
from beside.people.moderators import NotAModerator
from beside.people.suspensions import HostCannotBeSuspended
from beside.responses import seals
from beside.responses.seals import NoSuchSeal
from beside.web.forms.reports import BecauseForm
from beside.web.forms.seals import ReasonForm
from beside.web.http.request import Request, posted_id
from beside.web.pages.seals import (
    ModeratedSealPage,
    kept_from_you_page,
    moderated_seal_page,
    opened,
    seal_page,
    seals_page,
)


@require_safe
def index(request: Request) -> HttpResponse:
    """What this account has sealed, without a word of it."""
    page = seals_page(request.account, at=timezone.now())
    return render(request, "seals/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, seal_id: UUID) -> HttpResponse:
    """One seal. It is opened only by the answer to a form with a reason, so no address leads to what it holds."""
    now, me = timezone.now(), request.account
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = seal_page(seal_id, me, form, at=now)
    if form.is_valid():
        try:
            page = opened(page, seals.read(seal_id, **form.cleaned_data, by=me, at=now))
        except NoSuchSeal:
            raise NothingToSee from None
    return render(request, "seals/show.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show_to_moderator(request: Request, seal_id: UUID) -> HttpResponse:
    """One seal for a moderator whom it doesn't concern; it opens as one's own does. It is a 404 for everybody else."""
    now, me = timezone.now(), request.account
    try:
        seal = moderators_seals.get(seal_id, by=me, at=now)
        form, because = _moderators_forms(request)
        if because.is_valid():
            return _close_place(request, seal_id, **because.cleaned_data)
        page = moderated_seal_page(seal, me, form, because)
        if form.is_valid():
            return _open_to_moderator(request, page, **form.cleaned_data)
    except (NoSuchSeal, NotAModerator):
        raise NothingToSee from None
    return render(request, "seals/moderated.html", {"page": page})


@require_POST
def download(request: Request, seal_id: UUID) -> HttpResponse:
    """The file for an authority, once an author has asked for it. Each download is recorded."""
    now = timezone.now()
    try:
        files = seals.as_file(seal_id, by=request.account, at=now)
    except NoSuchSeal:
        raise NothingToSee from None
    return _as_zip(files, at=now)


@require_http_methods(["GET", "HEAD", "POST"])
def kept_from_you(request: Request) -> HttpResponse:
    """What is kept from an author, with everyone who has opened it, and asking for a file."""
    now = timezone.now()
    if request.method != "POST":
        page = kept_from_you_page(request.account, at=now)
        return render(request, "seals/kept_from_you.html", {"page": page})
    try:
        seals.want_file(posted_id(request, "seal"), by=request.account, at=now)
    except NoSuchSeal:
        raise NothingToSee from None
    messages.info(request, _("They’ve been asked for the file."))
    return redirect("kept_from_you")


def _moderators_forms(request: Request) -> tuple[ReasonForm, BecauseForm]:
    """The form for opening a seal and that for closing a place; the one that was sent is bound."""
    do = request.POST.get("do", "")
    opens = ReasonForm(request.POST if do in ("open", "file") else None)
    return opens, BecauseForm(request.POST if do == "close" else None)


def _open_to_moderator(request: Request, page: ModeratedSealPage, *, reason: str) -> HttpResponse:
    me, now, seal_id = request.account, timezone.now(), page.seal.id
    if request.POST["do"] == "file":
        files = moderators_seals.as_file(seal_id, reason=reason, by=me, at=now)
        return _as_zip(files, at=now)
    read = moderators_seals.read(seal_id, reason=reason, by=me, at=now)
    # Asked again: whoever has opened it may close its writer's place.
    seal = moderators_seals.get(seal_id, by=me, at=now)
    page = opened(moderated_seal_page(seal, me, page.form, page.because), read)
    return render(request, "seals/moderated.html", {"page": page})


def _close_place(request: Request, seal_id: UUID, *, because: str) -> HttpResponse:
    try:
        moderators_seals.close_place_of_writer(
            seal_id, because=because, by=request.account, at=timezone.now()
        )
        said = _("The place is closed. They can sign in and read why. Nothing is deleted.")
    except HostCannotBeSuspended as refusal:
        said = str(refusal)
    messages.info(request, said)
    return redirect("cases")


def _as_zip(files: Mapping[str, bytes], *, at: datetime) -> HttpResponse:
    made = timezone.localtime(at)
    entries = [zip_stream.from_bytes(name, data) for name, data in files.items()]
    response = HttpResponse(
        b"".join(zip_stream.stream(entries, at=made)), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"beside-sealed-{made:%Y-%m-%d}.zip"
    )
    return response
