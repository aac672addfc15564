"""Ending mails by one press, without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from beside.notices import mail_endings
from beside.notices.mail_endings import NothingToEnd
from beside.web.http.request import Request


# A mail program posts this without a cookie or a page before it (RFC 8058). All it can do is end mails.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, secret: str) -> HttpResponse:
    """A page with one button. Only pressing it ends anything, since programs open the links in mails unasked."""
    try:
        if request.method == "POST":
            told = {"ends": mail_endings.end(secret, at=timezone.now()).name, "is_ended": True}
        else:
            told = {"ends": mail_endings.ends(secret).name, "is_ended": False}
    except NothingToEnd:
        return render(request, "mail_endings/unknown.html", status=404)
    return render(request, "mail_endings/edit.html", told)
