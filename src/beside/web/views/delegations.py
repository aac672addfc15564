"""Who reads first for somebody, writes for them, or is there for after: asking, signing, ending, and the few acts."""

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
from beside.web.forms.delegations import ROLES, OfferForm, WriteForForm
from beside.web.http.request import Request
from beside.web.pages.delegations import held_by, helper
from beside.web.views.sign_in import require_recent_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Who does something for me, what I do for others, and asking somebody."""
    me = request.account
    form = OfferForm(request.POST if request.method == "POST" else None, account=me)
    if form.is_valid():
        asked = form.cleaned_data
        if asked["role"] == Role.STEWARD:
            require_recent_sign_in(request)
        delegations.offer(
            me,
            asked["person"],
            Role(asked["role"]),
            said=asked["said"],
            hands_over=asked["hands_over"],
            at=timezone.now(),
        )
        messages.info(request, _("They’re asked. Nothing changes until they’ve signed."))
        return redirect("delegations")
    context = {
        "form": form,
        "for_me": [helper(one, me) for one in delegations.of(me)],
        "by_me": [helper(one, me) for one in delegations.done_by(me)],
    }
    return render(request, "delegations/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, delegation_id: UUID) -> HttpResponse:
    """One of them, for the two whose it is: what it means, its signatures, and its end."""
    found = held_by(request.account, delegation_id)
    if request.method == "POST":
        try:
            return _act(request, found)
        except NoSuchDelegation:
            raise NothingToSee from None
    told = helper(found, request.account)
    context = {"one": told, "may_act": told.may_act(at=timezone.now())}
    return render(request, "delegations/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_for(request: Request, delegation_id: UUID) -> HttpResponse:
    """A letter for somebody. Once handed over, whoever wrote it finds nothing of it here."""
    found = held_by(request.account, delegation_id)
    is_theirs = found.delegate_id == request.account.pk and found.role == Role.TELLER
    if not is_theirs or found.signed_at is None:
        raise NothingToSee
    form = WriteForForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        told = helper(found, request.account)
        return render(request, "delegations/write_for.html", {"one": told, "form": form})
    try:
        ghostwriting.hand_over(found.pk, **form.cleaned_data, by=request.account, at=timezone.now())
    except NoSuchDelegation:
        raise NothingToSee from None
    messages.info(request, _("It’s theirs now, and nobody else’s. You won’t find it here again."))
    return redirect("delegation", found.pk)


@require_safe
def rehearsal(request: Request, role: str) -> HttpResponse:
    """What whoever does it sees and can do, with everything in it made up."""
    if role not in Role.values:
        raise NothingToSee
    return render(
        request, "delegations/rehearsal.html", {"role": Role(role).name, "label": ROLES[Role(role)]}
    )


def _act(request: Request, found: Delegation) -> HttpResponse:
    me, now, do = request.account, timezone.now(), request.POST.get("do", "")
    said = ""
    if do == "sign":
        delegations.sign(found.pk, by=me, at=now)
        said = _("You’ve signed. Either of you can end it, at any moment.")
    elif do == "end":
        delegations.end(found.pk, by=me, at=now)
        messages.info(request, _("It has ended, from this moment."))
        return redirect("delegations")
    elif do == "stop":
        delegations.stop_asking(found.pk, by=me)
        said = _("It’s stopped. Nothing has been done.")
    else:
        said = _act_for_after(request, found, do)
    if said:
        messages.info(request, said)
    return redirect("delegation", found.pk)


def _act_for_after(request: Request, found: Delegation, do: str) -> str:
    me, now = request.account, timezone.now()
    if do == "ask":
        if delegations.ask_to_act(found.pk, by=me, at=now):
            mails.send_news_of_asking(found.author)
        return _("You’ve asked. They’re told now, and can say no for sixty days.")
    if do == "close":
        steward.close_everything(found.pk, by=me, at=now)
        return _("All of it is closed.")
    if do == "only_us":
        steward.show_only_us(found.pk, by=me, at=now)
        return _("All of it is for those who wrote it, and nobody else.")
    return ""
