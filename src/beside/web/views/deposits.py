"""Links to put photographs in: an author's own, and the page on which somebody without an account uses one."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beside.access.policy import NothingToSee
from beside.people import guesses
from beside.photos import deposits
from beside.photos.deposits import NotOpen, NotYourLink
from beside.photos.models import DepositLink
from beside.posts.authorship import name_of
from beside.web.forms.deposits import DepositForm, PastedForm, ThanksForm
from beside.web.http import deposit_session
from beside.web.http.deposit_session import takes_deposits
from beside.web.http.multipart import came
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """One's links, and a new one. Its address is shown once, on the answer itself."""
    form, told = DepositForm(request.POST or None), {}
    if form.is_valid():
        if too_many := ratelimit.consume_or_429(request, action="make_deposit_link"):
            return too_many
        made, secret = deposits.make(request.account, form.terms(), at=timezone.now())
        told = {"made": made, "link": deposit_session.address_of(secret)}
        form = DepositForm()
    told |= {"form": form, "links": _listed(request)}
    return render(request, "deposits/index.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, deposit_id: UUID) -> HttpResponse:
    """One link: its note of thanks, its end, and the same link with another secret."""
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
    """Where a link leads. Its secret comes in the body of a form, and stands in no address."""
    now = timezone.now()
    if request.POST.get("do") == "forget":
        deposit_session.forget(request)
        messages.info(request, _("This browser has forgotten the link."))
        return redirect("deposit")
    if request.method == "POST":
        return _open(request)
    if not deposit_session.has_begun(request):
        return render(request, "deposits/open.html", {"pasted": PastedForm()})
    try:
        visit = deposit_session.visit(request, at=now)
    except NotOpen as refusal:
        return _stopped(request, refusal)
    context = {
        "link": visit.link,
        "keeper": name_of(visit.link.keeper),
        "sent": deposit_session.sent(request),
        "is_full": deposits.is_full(visit.link),
        "came_before": visit.link.photographs.exists(),
        "pasted": PastedForm(),
    }
    return render(request, "deposits/put_in.html", context)


@login_not_required
@require_POST
@takes_deposits
def photographs(request: Request) -> HttpResponse:
    """Keep what a plain form brought, for the link's keeper."""
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
        return _made_anew(request, link)
    else:
        form = ThanksForm(request.POST)
        if not form.is_valid():
            return _page(request, link, form)
        deposits.thank(link, form.cleaned_data["thanks"], by=me)
        messages.info(request, _("Your thanks are kept with the link."))
    return redirect("deposit_link", link.pk)


def _made_anew(request: Request, link: DepositLink) -> HttpResponse:
    if too_many := ratelimit.consume_or_429(request, action="make_deposit_link"):
        return too_many
    try:
        secret = deposits.make_anew(link, by=request.account, at=timezone.now())
    except NotOpen:
        return redirect("deposit_link", link.pk)
    return _page(request, link, address=deposit_session.address_of(secret))


def _page(
    request: Request, link: DepositLink, form: ThanksForm | None = None, *, address: str = ""
) -> HttpResponse:
    context = {
        "one": link,
        "is_open": deposits.is_open(link, at=timezone.now()),
        "form": form or ThanksForm(initial={"thanks": link.thanks}),
        "link": address,
    }
    return render(request, "deposits/show.html", context)


def _listed(request: Request) -> list[dict[str, object]]:
    now = timezone.now()
    return [
        {"link": link, "is_open": deposits.is_open(link, at=now)}
        for link in deposits.of(request.account)
    ]


def _open(request: Request) -> HttpResponse:
    """A wrong secret, one that was made anew, a link that ended or grew old: the answer is the same."""
    form = PastedForm(request.POST)
    if not form.is_valid():
        return render(request, "deposits/open.html", {"pasted": form})
    try:
        with counted(request, guesses.DEPOSIT_LINK):
            deposit_session.begin(request, form.cleaned_data["secret"], at=timezone.now())
    except NotOpen as refusal:
        return _stopped(request, refusal)
    return redirect("deposit")


def _stopped(request: Request, refusal: NotOpen) -> HttpResponse:
    deposit_session.forget(request)
    told = {"says": str(refusal), "pasted": PastedForm()}
    return render(request, "deposits/stopped.html", told)
