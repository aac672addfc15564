"""The visit of somebody who puts photographs in through a link: which link, since when, and what they sent.

It lies in the session on the server: the link's digest, never its secret. Nothing in it gives a right by
itself; the link is looked up anew at every request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from beside.photos import deposits
from beside.photos.deposits import NotOpen
from beside.photos.form_uploads import Arrival
from beside.photos.intake import Refusal, sentence
from beside.photos.models import DepositLink, Photo
from beside.web.http.multipart import Came, is_from_our_own_page, take
from beside.web.http.request import Request
from beside.web.views.errors import csrf_lapsed

VISIT = "putting_in"
LASTS = timedelta(hours=12)
_REMEMBERED = 300

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Sent:
    """One file that was sent in this visit: its name, and whether it was kept, in words."""

    name: str
    says: str


@dataclass(frozen=True)
class Visit:
    """A browser that has opened a link."""

    link: DepositLink
    since: datetime


def address_of(secret: str) -> str:
    """The link with this secret, which stands after the "#" and so is in nobody's log."""
    return settings.BESIDE.url.rstrip("/") + reverse("deposit") + "#" + secret


def begin(request: Request, pasted: str, *, at: datetime) -> None:
    """Remember the link that was pasted, whole or only its secret, for this visit. Raises `NotOpen`."""
    link = deposits.find(deposits.digest_of(pasted.rpartition("#")[2].strip()), at=at)
    if request.session.session_key is None:
        request.session.create()
        request.session.set_expiry(0)
    digest = bytes(link.secret_digest).hex()
    request.session[VISIT] = {"link": digest, "since": at.isoformat(), "sent": []}


def forget(request: Request) -> None:
    """Leave nothing of the visit in this browser's session."""
    request.session.pop(VISIT, None)


def has_begun(request: Request) -> bool:
    """Whether this browser has opened a link, whatever became of it."""
    return VISIT in request.session


def visit(request: Request, *, at: datetime) -> Visit:
    """The visit, while its link is open and half a day isn't over. Raises `NotOpen`."""
    kept = request.session.get(VISIT)
    if kept is None:
        raise NotOpen
    since = datetime.fromisoformat(kept["since"])
    if at - since >= LASTS:
        raise NotOpen
    return Visit(deposits.find(bytes.fromhex(kept["link"]), at=at), since)


def remember(request: Request, files: list[Came]) -> None:
    """Note what was sent in this visit, for the page that says so."""
    kept = request.session[VISIT]
    kept["sent"] += [[str(one.photo.pk) if one.photo else "", one.name, one.says] for one in files]
    kept["sent"] = kept["sent"][-_REMEMBERED:]
    request.session.modified = True


def sent(request: Request) -> list[Sent]:
    """What was sent in this visit, in order."""
    lines = request.session[VISIT]["sent"]
    photos = Photo.objects.in_bulk([UUID(photo) for photo, _name, _says in lines if photo])
    return [
        Sent(name, says_of(photos.get(UUID(photo))) if photo else says)
        for photo, name, says in lines
    ]


def says_of(photo: Photo | None) -> str:
    """Whether a photograph was kept. What its keeper did with it afterwards is nobody else's to learn."""
    if photo is not None and photo.state == Photo.State.RECEIVING:
        return _("It hasn’t come whole yet. Keep it with you until it has.")
    if photo is not None and photo.state == Photo.State.REFUSED:
        return sentence(Refusal(photo.refusal))
    return _("It’s safely here.")


def takes_deposits(view: View) -> View:
    """Let a page take photographs for the keeper of the link that this browser has opened.

    What `web.http.multipart.takes_photographs` says of tokens holds here. Without a link nothing is read.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: Request) -> HttpResponse:
        if not is_from_our_own_page(request):
            return csrf_lapsed(request)
        try:
            link = visit(request, at=timezone.now()).link
        except NotOpen:
            return protected(request)
        return take(protected, request, lambda name: _arrival(link, name))

    return taking


def _arrival(link: DepositLink, name: str) -> Arrival:
    return Arrival(link.keeper, name_on_phone=name, through=link, at=timezone.now())
