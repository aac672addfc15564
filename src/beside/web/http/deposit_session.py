"""The visit of somebody who adds photographs through a deposit link: which link, since when, and what they sent.

It is kept in the session on the server, with the link's digest and never its secret. It grants nothing by
itself; the link is looked up again at every request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from beside.people import budgets, sessions
from beside.photos import deposits
from beside.photos.deposits import NotOpen
from beside.photos.form_uploads import Arrival
from beside.photos.models import DepositLink
from beside.web.http.csrf import csrf_lapsed, is_from_our_own_page
from beside.web.http.multipart import Came, take
from beside.web.http.rate_limits import count_upload, count_visit
from beside.web.http.request import Request

VISIT = "putting_in"
LASTS = timedelta(hours=12)
_REMEMBERED = 300

View = Callable[..., HttpResponse]


class Sent(NamedTuple):
    """One file that was sent in this visit. `refusal` says why it became no photograph."""

    photo_id: UUID | None
    name: str
    refusal: str


@dataclass(frozen=True)
class Visit:
    """A browser that has opened a link."""

    link: DepositLink
    since: datetime


def address_of(secret: str) -> str:
    """The link with this secret, which comes after the "#" and so appears in no log."""
    return settings.BESIDE.url.rstrip("/") + reverse("deposit") + "#" + secret


def begin(request: Request, secret: str, *, at: datetime) -> None:
    """Start a visit by the link with this secret. Raises `NotOpen`, and `TooManyGuesses` for visits."""
    link = deposits.find(deposits.digest_of(secret), at=at)
    if request.session.session_key is None:
        count_visit(request, budgets.VISITS_OF_LINK, link.pk)
        sessions.begin_visit(request.session)
    digest = bytes(link.secret_digest).hex()
    request.session[VISIT] = {"link": digest, "since": at.isoformat(), "sent": []}


def forget(request: Request) -> None:
    """Remove the visit from this browser's session."""
    request.session.pop(VISIT, None)


def has_begun(request: Request) -> bool:
    """Whether this browser has opened a link, even one that has ended since."""
    return VISIT in request.session


def visit(request: Request, *, at: datetime) -> Visit:
    """The visit. Raises `NotOpen` once its link has ended, or `LASTS` is over."""
    kept = request.session.get(VISIT)
    if kept is None:
        raise NotOpen
    since = datetime.fromisoformat(kept["since"])
    if at - since >= LASTS:
        raise NotOpen
    return Visit(deposits.find(bytes.fromhex(kept["link"]), at=at), since)


def remember(request: Request, files: list[Came]) -> None:
    """Note the files that came, for the visit's own page."""
    kept = request.session[VISIT]
    kept["sent"] += [[str(one.photo.pk) if one.photo else "", one.name, one.says] for one in files]
    kept["sent"] = kept["sent"][-_REMEMBERED:]
    request.session.modified = True


def sent(request: Request) -> list[Sent]:
    """The files that were sent in this visit, in order."""
    return [
        Sent(UUID(photo) if photo else None, name, refusal)
        for photo, name, refusal in request.session[VISIT]["sent"]
    ]


def takes_deposits(view: View) -> View:
    """Let a view take photographs for the keeper of the link that this browser has opened.

    Tokens are checked as `web.http.multipart.takes_photographs` describes. Without a link no byte is read.
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
        return take(protected, request, lambda name: _arrival(request, link, name))

    return taking


def _arrival(request: Request, link: DepositLink, name: str) -> Arrival:
    count_upload(request, budgets.UPLOADS_OF_LINK, link.pk)
    return Arrival(link.keeper, name_on_phone=name, through=link, at=timezone.now())
