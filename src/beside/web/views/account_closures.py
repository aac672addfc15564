"""Closing one's account, and opening it again with the link from the mail."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.archive import account_closures
from beside.people import account_closures as accounts
from beside.people import guesses
from beside.people.account_closures import NotClosed
from beside.posts import share_links
from beside.posts.models import ShareLink
from beside.web import account_mails, mails
from beside.web.forms.account_closures import CloseAccountForm
from beside.web.forms.pasted_links import PastedForm
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request
from beside.web.pages.account_closures import account_closure_page
from beside.web.views.sign_in import require_recent_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """What closing means, and the two ways to do it. Only the press asks to confirm who it is."""
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = account_closure_page(request.account, at=timezone.now())
        return render(request, "account_closures/edit.html", {"page": page})
    require_recent_sign_in(request)
    told = _close(request, now=form.cleaned_data["when"] == "now")
    logout(request)
    response = render(request, "account_closures/done.html", told)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: Request) -> HttpResponse:
    """Open a closed account again with the secret from a mail. The first press shows what will happen.

    The secret comes in the body of a form and is in no address.
    """
    form = PastedForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account_closures/reopen.html", {"pasted": form})
    try:
        with counted(request, guesses.UNDO_LINK):
            closure = accounts.find(form.cleaned_data["secret"])
        if request.POST.get("do") != "open":
            told = {"pasted": form, "due_at": closure.due_at}
            return render(request, "account_closures/confirm.html", told)
        accounts.reopen(closure)
    except NotClosed as refusal:
        return render(request, "account_closures/stopped.html", {"says": str(refusal)})
    return render(request, "account_closures/reopened.html")


def _close(request: Request, *, now: bool) -> dict[str, object]:
    """Close the account and send what is to be mailed; returns what the page says of it.

    The link stands on that page too, and only there: a mail can be lost.
    """
    me, at = request.account, timezone.now()
    address, due_at = me.email, accounts.due(me, at=at)
    if now:
        _mail_links(account_closures.close_and_destroy(me, at=at))
        return {}
    secret, freed = account_closures.close(me, at=at)
    _mail_links(freed)
    account_mails.send_closed(address, secret, until=due_at)
    return {"due_at": due_at, "link": account_mails.reopen_address(secret)}


def _mail_links(freed: list[ShareLink]) -> None:
    at = timezone.now()
    made = [(link, share_links.secret_for_mail(link, at=at)) for link in freed]
    mails.deliver_links(made, at=at)
