"""Pages that belong to nobody in particular."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from beside.access import consents
from beside.web.http.request import Request
from beside.web.pages import content_preferences


@login_not_required
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """What someone meets who isn't signed in."""
    return render(request, "welcome.html")


@login_not_required
@require_safe
def away(request: Request) -> HttpResponse:
    """The quiet page that takes the place of the one that was left.

    What this visit had opened is folded: without JavaScript, Back asks the server again. A GET,
    so that the way out needs no form, no token and no cookie; it can only ever narrow.
    """
    consents.step_away(request.viewer)
    content_preferences.end_visit(request.session)
    return render(request, "step_away.html")


@login_not_required
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """What this place does, and what it can't."""
    return render(request, "help/show.html")


@login_not_required
@require_safe
def what_is_kept(request: HttpRequest) -> HttpResponse:
    """What is kept about whoever reads this."""
    return render(request, "help/kept.html")


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one page for whatever is not there, or not for this viewer."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something broke here. Nothing is asked of the database, since that may be what broke."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_lapsed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came from elsewhere, or from a page that had grown old."""
    return render(request, "csrf_lapsed.html", status=400)
