"""You: what is one's own to decide."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.people import blocks, follows, invitations, sessions
from beside.web.http.request import Request


@require_safe
def show(request: Request) -> HttpResponse:
    """Everything that is a person's own to decide, as far as it exists."""
    me, at = request.account, timezone.now()
    passkeys = Authenticator.objects.filter(user=me, type=Authenticator.Type.WEBAUTHN)
    told = {
        "me": me,
        "devices": sessions.of(me, this=request.session.session_key, at=at),
        "followers": follows.followers_of(me),
        "blocked": blocks.blocked_by(me),
        "may_invite": invitations.may_invite(me),
        "has_passkey": passkeys.exists(),
        "has_password": me.has_usable_password(),
    }
    return render(request, "you/show.html", told)
