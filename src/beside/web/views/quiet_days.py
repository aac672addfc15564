"""Quiet days, which everyone begins and ends for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.people import quiet_days
from beside.people.quiet_days import HowLong
from beside.web.forms.quiet_days import QuietDaysForm
from beside.web.http.request import Request
from beside.web.pages.quiet_days import QuietDaysPage, rest_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """What they are, how long they last, and ending them with one press."""
    form = QuietDaysForm(request.POST or None, initial={"how_long": HowLong.WEEK})
    at = timezone.now()
    if request.POST.get("do") == "end":
        quiet_days.end(request.account)
        messages.info(request, _("Your quiet days are over."))
        return redirect("quiet_days")
    if request.method == "POST" and form.is_valid():
        quiet_days.begin(request.account, HowLong(form.cleaned_data["how_long"]), at=at)
        messages.info(request, _("Your quiet days have begun."))
        return redirect("quiet_days")
    page = QuietDaysPage(rest_of(request.account, at=at), form)
    return render(request, "quiet_days/edit.html", {"page": page})
