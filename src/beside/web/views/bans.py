"""People whom an account keeps out of its doors. They are never told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.door import bans
from beside.web.forms.bans import BanForm
from beside.web.http.request import Request, posted_id
from beside.web.pages.bans import bans_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Who they are; adding one, and ending one."""
    me = request.account
    if request.POST.get("do") == "end":
        bans.lift(me, posted_id(request, "ban"))
        messages.info(request, _("You’re not keeping them out any more. This lets nobody in."))
        return redirect("bans")
    form = BanForm(
        request.POST if request.method == "POST" else None, account=me, at=timezone.now()
    )
    if form.is_valid():
        _ban(request, form)
        return redirect("bans")
    return render(request, "bans/index.html", {"page": bans_page(me, form)})


def _ban(request: Request, form: BanForm) -> None:
    now = timezone.now()
    if person := form.cleaned_data["person"]:
        bans.ban(request.account, person, at=now)
    if address := form.cleaned_data["address"]:
        bans.ban_address(request.account, address, at=now)
    messages.info(request, _("They’re kept out, from this moment. They aren’t told."))
