"""Inviting others, and the invitations that haven't been used yet."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.access.policy import NothingToSee
from beside.people import budgets, invitations
from beside.people.suspensions import AddressSuspended
from beside.web import mails
from beside.web.forms.invitations import InvitationForm
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request
from beside.web.pages import invitations as pages
from beside.web.pages.invitations import Made


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The open ones, and a new one, whose link is shown once: a redirect would have to keep the secret somewhere."""
    if not invitations.may_invite(request.account):
        raise NothingToSee
    form, made = InvitationForm(request.POST or None), None
    if form.is_valid():
        count_act(budgets.INVITATIONS, request.account)
        made = _make(request, form)
        form = InvitationForm() if made else form
    page = pages.invitations_page(request.account, form, made=made, at=timezone.now())
    return render(request, "invitations/index.html", {"page": page})


@require_POST
def revoke(request: Request, invitation_id: UUID) -> HttpResponse:
    """Revoke one."""
    invitations.revoke(invitation_id, by=request.account, at=timezone.now())
    return redirect("invitations")


def _make(request: Request, form: InvitationForm) -> Made | None:
    try:
        made, secret = invitations.make(request.account, **form.cleaned_data, at=timezone.now())
    except AddressSuspended as refusal:
        form.add_error("email", str(refusal))
        return None
    is_sent = bool(made.email) and mails.send_invitation(
        made.email, by=request.account, secret=secret
    )
    return pages.made(made, secret, is_sent=is_sent)
