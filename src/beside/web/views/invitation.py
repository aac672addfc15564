"""The page of an invitation. Looking at it uses nothing up, whoever or whatever looks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.people import guesses, invitations
from beside.people.models import Invitation
from beside.web.allauth_adapter import INVITATION
from beside.web.http.rate_limits import counted


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Say who has made room; at a press, go on to the sign-up with the invitation in the session.

    The secret stays in this address: no form, link or session repeats it. Whatever is
    wrong with it, the page is the same.
    """
    try:
        with counted(request, guesses.INVITATION):
            invitation = invitations.find_open(secret, at=timezone.now())
    except invitations.InvitationNotOpen:
        return render(request, "invitation/stopped.html")
    if request.method != "POST":
        return render(request, "invitation/show.html", {"inviter": _inviter(invitation)})
    request.session[INVITATION] = str(invitation.pk)
    return redirect("account_signup")


def _inviter(invitation: Invitation) -> str:
    return str(invitation.inviter.profile.name) if invitation.inviter else ""
