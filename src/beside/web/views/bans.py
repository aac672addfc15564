"""People whom one keeps out of one's doors. They are never told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.door import bans
from beside.access.policy import NothingToSee
from beside.web.forms.bans import KeepOutForm
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Who they are, one more, and one less."""
    if request.POST.get("do") == "let go":
        bans.lift(request.account, _row_in(request))
        messages.info(request, _("They aren’t kept out any more. It lets nobody in."))
        return redirect("bans")
    is_sent, now = request.method == "POST", timezone.now()
    form = KeepOutForm(request.POST if is_sent else None, account=request.account, at=now)
    if is_sent and form.is_valid():
        _keep_out(request, form)
        return redirect("bans")
    context = {"form": form, "kept_out": bans.of(request.account)}
    return render(request, "bans/index.html", context)


def _keep_out(request: Request, form: KeepOutForm) -> None:
    now = timezone.now()
    if person := form.cleaned_data["person"]:
        bans.ban(request.account, person, at=now)
    if address := form.cleaned_data["address"]:
        bans.ban_address(request.account, address, at=now)
    messages.info(request, _("It holds from this moment. They aren’t told."))


def _row_in(request: Request) -> UUID:
    try:
        return UUID(request.POST["kept_out"])
    except (KeyError, ValueError):
        raise NothingToSee from None
