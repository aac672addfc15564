"""What is said to somebody whose words weren't sent: on the page of their form, or on one that keeps them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from beside.people.guesses import TooManyGuesses
from beside.photos import disk_full
from beside.web.http.rate_limits import sentence_for
from beside.web.http.request import Request


def refusal(fault: Exception) -> str:
    """What to say above the form; a fault of ours is raised again."""
    if isinstance(fault, TooManyGuesses):
        return sentence_for(fault)
    if disk_full.refusal(fault) is None:
        raise fault
    return _(
        "This place can’t keep anything at the moment, so it wasn’t sent. Please try again later."
    )


def status_of(fault: Exception) -> int:
    """The status of the page that says `refusal`."""
    return 429 if isinstance(fault, TooManyGuesses) else 507


def page(request: Request, typed: str, says: str, *, status: int) -> HttpResponse:
    """The page that keeps what was typed; without a sentence, it says that there is nothing."""
    told = {"says": says, "unsent": [typed]}
    return render(request, "responses/not_sent.html", told, status=status)
