"""Making room for others."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.access.policy import NothingToSee
from beside.people import invitations
from beside.web import mails
from beside.web.forms.profiles import InvitationForm
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The open ones, and a new one. Its link is shown once, on the answer itself.

    A redirect would have to keep the secret somewhere meanwhile.
    """
    if not invitations.may_invite(request.account):
        raise NothingToSee
    form, at, told = InvitationForm(request.POST or None), timezone.now(), {}
    if form.is_valid():
        if too_many := ratelimit.consume_or_429(request, action="make_invitation"):
            return too_many
        made, secret = invitations.make(request.account, **form.cleaned_data, at=at)
        told = {"made": made, "link": mails.link_of(secret)}
        if made.email:
            mails.send_invitation(made.email, by=request.account, secret=secret)
        form = InvitationForm()
    told |= {"form": form, "open": invitations.open_of(request.account, at=at)}
    return render(request, "invitations/index.html", told)


@require_POST
def revoke(request: Request, invitation_id: UUID) -> HttpResponse:
    """Stop one."""
    invitations.revoke(invitation_id, by=request.account, at=timezone.now())
    return redirect("invitations")
