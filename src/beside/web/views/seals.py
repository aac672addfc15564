"""Sealed responses: listing and opening one's own, and asking for a file of what is kept from oneself."""

from __future__ import annotations

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
from beside.responses import seals
from beside.responses.seals import NoSuchSeal
from beside.web.forms.seals import ReasonForm
from beside.web.http.request import Request, posted_id
from beside.web.pages.seals import kept_from_you_page, opened, seal_page, seals_page


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


@require_POST
def download(request: Request, seal_id: UUID) -> HttpResponse:
    """The file for an authority, once an author has asked for it. Each download is recorded."""
    now = timezone.now()
    try:
        files = seals.as_file(seal_id, by=request.account, at=now)
    except NoSuchSeal:
        raise NothingToSee from None
    made = timezone.localtime(now)
    entries = [zip_stream.from_bytes(name, data) for name, data in files.items()]
    response = HttpResponse(
        b"".join(zip_stream.stream(entries, at=made)), content_type="application/zip"
    )
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"beside-sealed-{made:%Y-%m-%d}.zip"
    )
    return response


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
