"""The way out that is on every page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beside.access import consents
from beside.web.http.request import Request
from beside.web.pages import content_preferences


@login_not_required
@require_safe
def show(request: Request) -> HttpResponse:
    """A quiet page that replaces the one that was left.

    Whatever this visit had opened is folded again: without JavaScript, Back asks the server for the page
    once more. This is a GET, so that it needs no form, token or cookie; it can only ever show less.
    """
    consents.step_away(request.viewer)
    content_preferences.end_visit(request.session)
    return render(request, "step_away/show.html")
