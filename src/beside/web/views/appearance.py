"""Daylight, lamplight, larger text: saved in this browser's cookies, and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from beside.web.http.context import LARGE_COOKIE, LIGHT_COOKIE, LIGHTS
from beside.web.http.request import next_path

A_YEAR_S = 60 * 60 * 24 * 365


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Choose the light and the size of the text. Anyone can, signed in or not."""
    if request.method != "POST":
        return render(request, "appearance/edit.html")
    response = HttpResponseRedirect(next_path(request, otherwise=reverse("appearance")))
    light = request.POST.get("light", "")
    _keep(response, LIGHT_COOKIE, light if light in LIGHTS else "")
    _keep(response, LARGE_COOKIE, "1" if request.POST.get("large") else "")
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=A_YEAR_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
