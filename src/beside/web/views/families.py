"""A family, for its keeper: who belongs to it, its entries, and who sees them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.family import families
from beside.family.families import NobodyNamed, Seen
from beside.family.models import FamilyAudience
from beside.querysets import shared_clock
from beside.web.forms.families import FamilyAudienceForm, HalfForm
from beside.web.http.request import Request
from beside.web.pages.families import FamilyAudiencePage, family_page, seen_by
from beside.web.pages.family_members import member_form
from beside.web.views.family_members import name_somebody


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The whole family, and naming somebody else."""
    form = member_form(request.account, request.POST if request.method == "POST" else None)
    if form.is_valid() and (done := name_somebody(request, form)):
        return done
    page = family_page(request.account, request.viewer, form, at=timezone.now())
    return render(request, "families/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: Request) -> HttpResponse:
    """Who sees the family. Showing it to nobody takes one press."""
    do = request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, _form(request))
    if do == "half":
        return _choose_half(request)
    if do == "nobody":
        return _choose(request, Seen())
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, needs=_("Please choose again who it’s for."))
    try:
        return _choose(request, form.seen())
    except NobodyNamed as refusal:
        return _page(request, form, needs=str(refusal))


def _choose(request: Request, seen: Seen) -> HttpResponse:
    families.choose(request.account, seen, at=shared_clock.now())
    if seen.audience == FamilyAudience.ONLY_US:
        messages.info(request, _("Only you see it now."))
    else:
        messages.info(request, _("It’s for those people now. The change took effect everywhere."))
    return redirect("family_audience")


def _choose_half(request: Request) -> HttpResponse:
    southern = "southern" in request.POST
    families.choose_half(request.account, southern=southern, at=timezone.now())
    messages.info(request, _("Saved."))
    return redirect("family_audience")


def _form(request: Request) -> FamilyAudienceForm:
    family = families.of(request.account)
    now = families.chosen(family) if family else Seen()
    data = request.POST if request.method == "POST" else None
    return FamilyAudienceForm(data, account=request.account, now=now)


def _page(request: Request, form: FamilyAudienceForm, *, needs: str = "") -> HttpResponse:
    family = families.of(request.account)
    half = HalfForm(initial={"southern": family is not None and family.southern})
    page = FamilyAudiencePage(seen_by(family), form, half, needs)
    return render(request, "families/audience.html", {"page": page})
