"""Delegations: somebody who reads first, writes for an author, or is there for after."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access.policy import NothingToSee
from beside.archive import steward
from beside.people import delegations
from beside.people.delegations import NoSuchDelegation, Role
from beside.people.models import Delegation
from beside.posts import ghostwriting
from beside.web import mails
from beside.web.forms.delegations import OfferForm, WriteForForm
from beside.web.http.request import Request
from beside.web.pages.delegations import (
    WriteForPage,
    delegation_page,
    delegations_page,
    held_by,
    helper,
    rehearsal_page,
)
from beside.web.views.sign_in import require_recent_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """What others do for this account, what it does for others, and asking somebody."""
    me = request.account
    form = OfferForm(request.POST if request.method == "POST" else None, account=me)
    if not form.is_valid():
        return render(request, "delegations/index.html", {"page": delegations_page(me, form)})
    asked = form.cleaned_data
    person, role = asked.pop("person"), Role(asked.pop("role"))
    if role == Role.STEWARD:
        require_recent_sign_in(request)
    delegations.offer(me, person, role, **asked, at=timezone.now())
    messages.info(request, _("They’ve been asked. Nothing changes until they’ve signed."))
    return redirect("delegations")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, delegation_id: UUID) -> HttpResponse:
    """One delegation, for its author and its delegate: what it means, its signatures, and its end."""
    found = held_by(request.account, delegation_id)
    if request.method != "POST":
        page = delegation_page(found, request.account, at=timezone.now())
        return render(request, "delegations/show.html", {"page": page})
    try:
        return _act(request, found)
    except NoSuchDelegation:
        raise NothingToSee from None


@require_http_methods(["GET", "HEAD", "POST"])
def write_for(request: Request, delegation_id: UUID) -> HttpResponse:
    """Write a letter for somebody. Once it is handed over, its writer can't see it any more."""
    me, found = request.account, held_by(request.account, delegation_id)
    if found.delegate_id != me.pk or found.role != Role.TELLER or found.signed_at is None:
        raise NothingToSee
    form = WriteForForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = WriteForPage(helper(found, me), form)
        return render(request, "delegations/write_for.html", {"page": page})
    try:
        ghostwriting.hand_over(found.pk, **form.cleaned_data, by=me, at=timezone.now())
    except NoSuchDelegation:
        raise NothingToSee from None
    messages.info(request, _("It’s theirs now, and nobody else’s. You won’t find it here again."))
    return redirect("delegation", found.pk)


@require_safe
def rehearsal(request: Request, role: str) -> HttpResponse:
    """What a delegate with this role sees and can do, with made-up contents."""
    return render(request, "delegations/rehearsal.html", {"page": rehearsal_page(role)})


def _act(request: Request, found: Delegation) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "end":
        delegations.end(found.pk, by=request.account, at=timezone.now())
        messages.info(request, _("It has ended, from this moment."))
        return redirect("delegations")
    if said := _signed_or_stopped(request, found, do) or _act_as_steward(request, found, do):
        messages.info(request, said)
    return redirect("delegation", found.pk)


def _signed_or_stopped(request: Request, found: Delegation, do: str) -> str:
    if do == "sign":
        delegations.sign(found.pk, by=request.account, at=timezone.now())
        return _("You’ve signed. Either of you can end it, at any moment.")
    if do == "stop":
        delegations.stop_asking(found.pk, by=request.account)
        return _("That’s stopped. Nothing has been done.")
    return ""


def _act_as_steward(request: Request, found: Delegation, do: str) -> str:
    me, now = request.account, timezone.now()
    if do == "ask":
        if delegations.ask_to_act(found.pk, by=me, at=now):
            mails.send_news_of_asking(found.author)
        return _("You’ve asked. They’ve been told, and have sixty days to say no.")
    if do == "close":
        steward.close_everything(found.pk, by=me, at=now)
        return _("All their letters are closed.")
    if do == "only_us":
        steward.show_only_us(found.pk, by=me, at=now)
        return _("Their letters are now only for those who wrote them.")
    return ""
