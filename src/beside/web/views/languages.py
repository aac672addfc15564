"""The language of everything that Beside says: an account's, or a visitor's, kept in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from beside.people import languages
from beside.people.models import Account
from beside.web.pages.languages import languages_page
from beside.web.views.appearance import A_YEAR_S


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Choose a language. Anyone can, signed in or not."""
    if request.method != "POST":
        return render(request, "languages/edit.html", {"page": languages_page(request)})
    code = request.POST.get("language", "")
    code = code if code in languages.offered() else ""
    response = HttpResponseRedirect(reverse("language"))
    if isinstance(request.user, Account):
        languages.choose(request.user, code)
    _keep(response, code)
    return response


def _keep(response: HttpResponse, code: str) -> None:
    """In this browser, for its visitors; whoever signs in reads their own language."""
    if not code:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR_S,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
