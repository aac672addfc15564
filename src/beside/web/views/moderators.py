"""The moderators: a host names them, and each of them accepts, declines or stops."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people import moderators
from beside.web.forms.moderators import ModeratorForm
from beside.web.http.request import Request, posted_id
from beside.web.pages.moderators import moderators_page, moderatorship_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The team, and asking somebody to join it. It is a 404 for everybody but a host."""
    me = request.account
    if not me.is_host:
        raise NothingToSee
    if request.POST.get("do") == "end":
        moderators.end(posted_id(request, "person"), by=me, at=timezone.now())
        messages.info(request, _("It has ended, from this moment."))
        return redirect("moderators")
    form = ModeratorForm(request.POST or None, account=me)
    if form.is_valid():
        moderators.name(form.cleaned_data["person"], by=me, at=timezone.now())
        messages.info(request, _("They’ve been asked. It begins once they say yes."))
        return redirect("moderators")
    return render(request, "moderators/index.html", {"page": moderators_page(form)})


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """For somebody who was asked to be a moderator: what it means, their yes, and their no at any time."""
    me, page = request.account, moderatorship_page(request.account)
    if page is None:
        raise NothingToSee
    if request.method != "POST":
        return render(request, "moderators/own.html", {"page": page})
    if request.POST.get("do") == "accept":
        moderators.accept(me, at=timezone.now())
        messages.info(request, _("You’re a moderator now. You can stop at any moment."))
        return redirect("moderatorship")
    moderators.end(me.pk, by=me, at=timezone.now())
    messages.info(request, _("It has ended, from this moment."))
    return redirect("you")
