"""Asking, before somebody is added to a circle, whether they may see what was shared with it so far."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from beside.people.models import Circle
from beside.posts import circle_history
from beside.web.http.request import Request
from beside.web.pages.circle_history import circle_history_page

THESE_TOO, ONLY_WHAT_COMES = "these too", "from now on"


def ask_what_is_meant(
    request: Request, circle: Circle, named: Mapping[str, object]
) -> HttpResponse | None:
    """The page that asks; None once it was answered, or if nothing was shared or nobody is named.

    `named` has the "person" (an id) or the "email" of whoever is being added.
    """
    person, email = named["person"], named["email"]
    letters = circle_history.shared_with(circle, by=request.account)
    is_answered = request.POST.get("meant") in (THESE_TOO, ONLY_WHAT_COMES)
    if is_answered or not letters or not (person or email):
        return None
    page = circle_history_page(circle, letters, person, email)
    return render(request, "circle_history/edit.html", {"page": page})
