"""An invitation's own page. Looking at it doesn't use it up, whether a person or a program looks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.people import guesses, invitations
from beside.web.allauth_adapter import INVITATION
from beside.web.http.rate_limits import counted
from beside.web.pages.invitation import invitation_page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, secret: str) -> HttpResponse:
    """Say who sends the invitation; with one press, go on to the sign-up with it in the session.

    The secret stays in this address: no form, link or session repeats it. Every invitation that can't be
    used gets the same page.
    """
    try:
        with counted(request, guesses.INVITATION):
            invitation = invitations.find_open(secret, at=timezone.now())
    except invitations.InvitationNotOpen:
        return render(request, "invitation/stopped.html")
    if request.method != "POST":
        page = invitation_page(invitation)
        return render(request, "invitation/show.html", {"page": page})
    request.session[INVITATION] = str(invitation.pk)
    return redirect("account_signup")
