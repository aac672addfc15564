"""Devices that are told of news by Web Push."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.notices import push_subscriptions
from beside.notices.push_subscriptions import UnfitEndpoint
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def update(request: Request) -> HttpResponse:
    """Begin or end telling the browser that asks. The page of preferences has the buttons."""
    me, session = request.account.pk, request.session.session_key
    if request.POST.get("do") == "end":
        push_subscriptions.unsubscribe(me, session)
    elif request.method == "POST" and session:
        endpoint = request.POST.get("endpoint", "")
        try:
            push_subscriptions.subscribe(me, session, endpoint, at=timezone.now())
            messages.info(request, _("From now on, this device shows when there’s something new."))
        except UnfitEndpoint as refusal:
            messages.error(request, str(refusal))
    return redirect("notice_preferences")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: all that it can do is to show the same words each time. It says what everybody may read."""
    return render(request, "push_subscriptions/worker.js", content_type="text/javascript")
