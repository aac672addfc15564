"""What is done with several photographs of the drawer at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.access.policy import NothingToSee
from beside.archive import zip_stream
from beside.archive.photographs import chosen_originals, with_checksums
from beside.photos import hidden, originals, turning
from beside.photos.models import Photo
from beside.posts import destroying
from beside.web.http.request import Request
from beside.web.pages.drawer import drawer_page, photographs_of_month
from beside.web.pages.drawer_photographs import originals_page, own, own_all
from beside.web.views.drawer import letter_named
from beside.web.views.drawer_photographs import require_session
from beside.web.views.sign_in import require_recent_sign_in

ALL = "all:"
# In the zip file: the checksum of each original.
SUMS = "SHA256SUMS.txt"


@require_POST
def update(request: Request) -> HttpResponse:
    """Do one thing with those that were ticked: all of a month are ticked with "all:2024-03"."""
    do = request.POST.get("do", "")
    if do.startswith(ALL):
        return _choose_all(request, do.removeprefix(ALL))
    photos = own_all(request.account, request.POST.getlist("photo"))
    if not photos:
        messages.info(request, _("First tick the ones you mean."))
        return redirect("drawer")
    if do not in ACTS:
        raise NothingToSee
    with transaction.atomic():
        return ACTS[do](request, photos)


@require_POST
def keep(request: Request, photo_id: UUID) -> HttpResponse:
    """Keep a photograph after all that would have been destroyed."""
    photo = own(request.account, photo_id)
    for asked in destroying.asked_by(request.account).filter(photo=photo):
        destroying.stop(asked, by=request.account, at=timezone.now())
    messages.info(request, _("It stays. Nothing is destroyed."))
    return redirect("drawer")


@require_POST
def download(request: Request) -> StreamingHttpResponse:
    """The originals of those that were chosen, as one zip file that is made while it is sent."""
    me, now = request.account, timezone.localtime()
    chosen = own_all(me, request.POST.getlist("photo"))
    available = originals.available_to(me).in_bulk([photo.pk for photo in chosen])
    if not available:
        raise NothingToSee
    found = chosen_originals([photo for photo in chosen if photo.pk in available], of=me)
    files = with_checksums(found, SUMS, before_each=require_session(request))
    answer = StreamingHttpResponse(zip_stream.stream(files, at=now), content_type="application/zip")
    answer.headers["Content-Length"] = str(zip_stream.size_of(files))
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"photographs-{now:%Y-%m-%d}.zip"
    )
    return answer


def _choose_all(request: Request, month: str) -> HttpResponse:
    ticked = own_all(request.account, request.POST.getlist("photo"))
    chosen = {*(photo.pk for photo in ticked), *photographs_of_month(request, month)}
    letter = letter_named(request, request.POST.get("letter", ""))
    page = drawer_page(request, month=month, chosen=chosen, letter=letter, at=timezone.now())
    return render(request, "drawer/index.html", {"page": page})


def _hide(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    for photo in photos:
        hidden.hold(photo, account=request.account, at=timezone.now())
    messages.info(request, _("They’re hidden from you. You’ll find them under “Hidden from me”."))
    return redirect("drawer")


def _show(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    for photo in photos:
        hidden.release(photo, account=request.account)
    return redirect("drawer")


def _turn(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    for photo in photos:
        turning.turn(photo, 1, by=request.account)
    if "sheet" in request.POST:
        messages.info(request, _("It’s turned a quarter. In a moment it’s shown that way."))
        return redirect("drawer_sheet", photos[0].pk)
    messages.info(request, _("They’re turned a quarter. In a moment they’re shown that way."))
    return redirect("drawer")


def _describe(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    first, *rest = photos
    then = urlencode([("then", photo.pk) for photo in rest])
    return redirect(f"{reverse('drawer_sheet', args=[first.pk])}?{then}")


def _download(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    if len(photos) == 1:
        return redirect("original", photos[0].pk)
    page = originals_page(request, photos, at=timezone.now())
    return render(request, "drawer/originals.html", {"page": page})


def _destroy(request: Request, photos: Sequence[Photo]) -> HttpResponse:
    require_recent_sign_in(request)
    for photo in photos:
        destroying.ask_for_photo(photo, by=request.account, at=timezone.now())
    messages.info(
        request,
        _("They’ll be destroyed in thirty days. Until then you can keep them after all, below."),
    )
    return redirect("drawer")


ACTS: dict[str, Callable[[Request, Sequence[Photo]], HttpResponse]] = {
    "hide": _hide,
    "show": _show,
    "turn": _turn,
    "describe": _describe,
    "download": _download,
    "destroy": _destroy,
}
