"""Deposit links: the keeper's pages, and the page on which somebody without an account uses one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beside.access.policy import NothingToSee
from beside.people import budgets, guesses
from beside.photos import deposits
from beside.photos.deposits import NotOpen, NotYourLink
from beside.photos.models import DepositLink
from beside.web.forms.deposits import DepositForm, ThanksForm
from beside.web.forms.pasted_links import PastedForm
from beside.web.http import deposit_session
from beside.web.http.deposit_session import takes_deposits
from beside.web.http.multipart import came
from beside.web.http.rate_limits import count_act, counted
from beside.web.http.request import Request
from beside.web.pages import deposits as pages
from beside.web.pages.deposits import Made, PastePage


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """A keeper's links, and a new one. Its address is shown once, on this very answer."""
    me, now = request.account, timezone.now()
    form, made = DepositForm(request.POST or None), None
    if form.is_valid():
        count_act(budgets.DEPOSIT_LINKS, me)
        made = pages.made(*deposits.make(me, form.terms(), at=now))
        form = DepositForm()
    page = pages.deposit_links_page(me, form, made=made, at=now)
    return render(request, "deposits/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, deposit_id: UUID) -> HttpResponse:
    """One link: its note of thanks, a new secret, and its end."""
    try:
        link = deposits.own(deposit_id, by=request.account)
        if request.method == "POST":
            return _act(request, link)
    except NotYourLink:
        raise NothingToSee from None
    return _page(request, link)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def put_in(request: Request) -> HttpResponse:
    """Where a link leads. Its secret comes in the body of a form, and is part of no address."""
    if request.POST.get("do") == "forget":
        deposit_session.forget(request)
        messages.info(request, _("This browser has forgotten the link."))
        return redirect("deposit")
    if request.method == "POST":
        return _open(request)
    if not deposit_session.has_begun(request):
        return render(request, "deposits/open.html", {"page": PastePage(PastedForm())})
    try:
        visit = deposit_session.visit(request, at=timezone.now())
    except NotOpen as refusal:
        return _stopped(request, refusal)
    page = pages.deposit_page(visit.link, deposit_session.sent(request))
    return render(request, "deposits/put_in.html", {"page": page})


@login_not_required
@require_POST
@takes_deposits
def create(request: Request) -> HttpResponse:
    """Keep the photographs that a plain form brought, for the link's keeper."""
    now = timezone.now()
    try:
        visit = deposit_session.visit(request, at=now)
    except NotOpen as refusal:
        return _stopped(request, refusal)
    files = came(request)
    deposit_session.remember(request, files)
    if any(one.photo for one in files):
        deposits.tell_keeper(visit.link, since=visit.since, at=now)
    if not files:
        messages.info(request, _("No photograph came with that. Choose some first."))
    return redirect("deposit")


def _act(request: Request, link: DepositLink) -> HttpResponse:
    do, now, me = request.POST.get("do"), timezone.now(), request.account
    if do == "end":
        deposits.end(link, by=me, at=now)
        messages.info(request, _("The link has ended. What came through it stays with you."))
    elif do == "forget":
        deposits.forget(link, by=me, at=now)
        return redirect("deposit_links")
    elif do == "anew":
        return _replace_secret(request, link)
    else:
        return _thank(request, link)
    return redirect("deposit_link", link.pk)


def _replace_secret(request: Request, link: DepositLink) -> HttpResponse:
    count_act(budgets.DEPOSIT_LINKS, request.account)
    try:
        secret = deposits.make_anew(link, by=request.account, at=timezone.now())
    except NotOpen:
        return redirect("deposit_link", link.pk)
    return _page(request, link, made=pages.made(link, secret))


def _thank(request: Request, link: DepositLink) -> HttpResponse:
    form = ThanksForm(request.POST)
    if not form.is_valid():
        return _page(request, link, form)
    deposits.thank(link, form.cleaned_data["thanks"], by=request.account)
    messages.info(request, _("Your thanks are saved with the link."))
    return redirect("deposit_link", link.pk)


def _page(
    request: Request,
    link: DepositLink,
    form: ThanksForm | None = None,
    *,
    made: Made | None = None,
) -> HttpResponse:
    page = pages.deposit_link_page(link, form, made=made, at=timezone.now())
    return render(request, "deposits/show.html", {"page": page})


def _open(request: Request) -> HttpResponse:
    """Open a link. A wrong secret, a replaced one, and a link that has ended all get the same answer."""
    form = PastedForm(request.POST)
    if not form.is_valid():
        return render(request, "deposits/open.html", {"page": PastePage(form)})
    try:
        with counted(request, guesses.DEPOSIT_LINK):
            deposit_session.begin(request, form.cleaned_data["secret"], at=timezone.now())
    except NotOpen as refusal:
        return _stopped(request, refusal)
    return redirect("deposit")


def _stopped(request: Request, refusal: NotOpen) -> HttpResponse:
    deposit_session.forget(request)
    return render(request, "deposits/stopped.html", {"page": PastePage(PastedForm(), str(refusal))})
