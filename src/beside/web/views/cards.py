"""Cards for the ward, which a host prints."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people import budgets, invitations
from beside.web.forms.cards import CardsForm
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request
from beside.web.pages.cards import cards_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Make a sheet of invitations, shown once: a redirect would have to keep the secrets somewhere."""
    if not request.account.is_host:
        raise NothingToSee
    form = CardsForm(request.POST or None)
    if not form.is_valid():
        return render(request, "cards/index.html", {"page": cards_page(form)})
    count_act(budgets.CARDS, request.account)
    count = int(form.cleaned_data["count"])
    made = invitations.make_cards(request.account, count=count, at=timezone.now())
    return render(request, "cards/index.html", {"page": cards_page(CardsForm(), made)})
