"""Whoever adds somebody to a circle is asked once whether what was shared with it before is meant too."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from beside.people.models import Circle
from beside.posts import circle_history
from beside.web.http.request import Request

THESE_TOO, ONLY_WHAT_COMES = "these too", "from now on"


def ask_what_is_meant(
    request: Request, circle: Circle, named: Mapping[str, object]
) -> HttpResponse | None:
    """The page that asks once whether what was shared with `circle` before is meant too; None once it is said.

    It is the same whoever was `named`, so that an address tells nothing. None, too, where nothing was shared.
    """
    letters = circle_history.shared_with(circle, by=request.account)
    is_said = request.POST.get("meant") in (THESE_TOO, ONLY_WHAT_COMES)
    if is_said or not letters or not (named["person"] or named["email"]):
        return None
    return render(
        request, "circle_history/edit.html", {"circle": circle, "letters": letters, "named": named}
    )
