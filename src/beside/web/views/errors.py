"""Answers to what views can't answer themselves: nothing there, a question first, a full disk, a fault."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from beside.access.content_preferences import AskFirst
from beside.access.policy import NothingToSee
from beside.people.guesses import TooManyGuesses
from beside.photos import disk_full
from beside.photos.disk_full import CannotKeep, PlaceIsFull
from beside.photos.hidden import NotYours
from beside.posts.authorship import NotAnAuthor
from beside.web.http import tus, unsent
from beside.web.http.rate_limits import in_minutes, sentence_for
from beside.web.pages import content_preferences

log = logging.getLogger(__name__)


def middleware(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn the exceptions that views let through into pages."""

    def passing(request: HttpRequest) -> HttpResponse:
        return answer(request)

    passing.process_exception = process_exception  # type: ignore[attr-defined]
    return passing


def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for `exception`, or None where it is a fault of ours."""
    if isinstance(exception, NothingToSee | NotAnAuthor | NotYours):
        return not_found(request)
    if isinstance(exception, TooManyGuesses):
        said = {"when": in_minutes(exception.again_at), "says": sentence_for(exception)}
        return render(request, "429.html", said, status=429)
    if isinstance(exception, AskFirst):
        question = content_preferences.question(exception)
        return render(request, "content_preferences/ask.html", {"question": question})
    if disk_full.is_away(exception):
        log.error("the database or the store doesn't answer", exc_info=exception)
        return _away(request)
    if refusal := disk_full.refusal(exception):
        log.error("the disk or the database refuses to write", exc_info=exception)
        return _not_kept(request, refusal)
    return None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one page for what isn't there, and for what isn't for this viewer."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours. It makes no query, since the database may be what failed.

    Middleware that saves something after the view (the session) fails here, and not in `process_exception`.
    """
    fault = sys.exception()
    if disk_full.is_away(fault):
        return _away(request)
    refusal = disk_full.refusal(fault) if isinstance(fault, Exception) else None
    if refusal:
        return _not_kept(request, refusal)
    return HttpResponse(render_to_string("500.html", {"unsent": unsent.texts(request)}), status=500)


def _not_kept(request: HttpRequest, refusal: PlaceIsFull | CannotKeep) -> HttpResponse:
    """The sentence as text for a program that uploads, and as a page for a person."""
    if tus.is_spoken(request):
        return tus.refused(refusal)
    is_full = isinstance(refusal, PlaceIsFull)
    page = render_to_string("disk_full.html", {"is_full": is_full}, request)
    return HttpResponse(page, status=tus.STATUSES[type(refusal)])


def _away(request: HttpRequest) -> HttpResponse:
    """Nothing can be shown or kept. The page is made without a query: it would wait as long again."""
    if tus.is_spoken(request):
        return tus.refused(CannotKeep())
    template = "503.html" if request.method in ("GET", "HEAD") else "disk_full.html"
    page = render_to_string(template, {"is_full": False, "unsent": unsent.texts(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})
