"""The letters between two people, and writing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.people.guesses import TooManyGuesses
from beside.people.models import Account
from beside.responses import private_letters, responses
from beside.responses.private_letters import TakesNoLetters
from beside.web.forms.private_letters import PrivateLetterForm
from beside.web.http.rate_limits import count_letter, give_back_letter
from beside.web.http.request import Request
from beside.web.pages.private_letters import private_letters_page
from beside.web.views import not_sent


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, account_id: UUID) -> HttpResponse:
    """The letters between this account and another, oldest first, and writing the next."""
    if request.method != "POST":
        return _page(request, account_id, PrivateLetterForm())
    try:
        return _send(request, account_id, PrivateLetterForm(request.POST))
    except TakesNoLetters:
        raise NothingToSee from None


def _send(request: Request, account_id: UUID, form: PrivateLetterForm) -> HttpResponse:
    me = request.account
    if not form.is_valid():
        return _page(request, account_id, form)
    if not responses.is_sent(form.sent_id(), by=me):
        try:
            _count_and_send(account_id, form, me)
        except (TooManyGuesses, OSError, DatabaseError) as fault:
            form.add_error(None, not_sent.refusal(fault))
            return _page(request, account_id, form, status=not_sent.status_of(fault))
    messages.info(request, _("It’s sent. You can take it back whenever you like."))
    return redirect("private_letters", account_id)


def _count_and_send(account_id: UUID, form: PrivateLetterForm, me: Account) -> None:
    count_letter(me, account_id)
    words, now = form.cleaned_data["words"], timezone.now()
    try:
        private_letters.write(form.sent_id(), account_id, words, by=me, at=now)
    except BaseException:
        give_back_letter(me, account_id)
        raise


def _page(
    request: Request, account_id: UUID, form: PrivateLetterForm, *, status: int = 200
) -> HttpResponse:
    page = private_letters_page(account_id, request.account, form, at=timezone.now())
    return render(request, "private_letters/show.html", {"page": page}, status=status)
