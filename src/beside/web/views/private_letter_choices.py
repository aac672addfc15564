"""Who may write private letters to somebody, and *no more letters*."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.responses import policy, private_letter_choices
from beside.responses.choices import WhoReadsFirst
from beside.web.forms.private_letter_choices import PrivateLetterChoiceForm
from beside.web.http.request import Request
from beside.web.pages.private_letter_choices import (
    private_letter_choice_form,
    private_letter_choice_page,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """What this account chooses; ending letters at one press, and opening them again."""
    do, me = request.POST.get("do", ""), request.account
    if request.method != "POST":
        return _page(request, private_letter_choice_form(me))
    if do == "end":
        private_letter_choices.end(me, at=timezone.now())
        messages.info(request, _("From now on, only people whom you’ve written to can write back."))
    elif do == "resume":
        private_letter_choices.resume(me)
        messages.info(request, _("People can write to you again."))
    else:
        return _choose(request)
    return redirect("private_letter_choice")


def _choose(request: Request) -> HttpResponse:
    me = request.account
    now, is_screened = private_letter_choices.of(me), policy.has_screener(me)
    form = PrivateLetterChoiceForm(request.POST, now=now, is_screened=is_screened)
    if form.is_valid():
        try:
            private_letter_choices.choose(me, *form.chosen(), at=timezone.now())
        except WhoReadsFirst as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.info(request, _("Saved. Nobody is told."))
            return redirect("private_letter_choice")
    return _page(request, form)


def _page(request: Request, form: PrivateLetterChoiceForm) -> HttpResponse:
    page = private_letter_choice_page(request.account, form)
    return render(request, "private_letter_choices/edit.html", {"page": page})
