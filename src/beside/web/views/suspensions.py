"""What moderators have closed: opening it again, and what those read whose it is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.moderation import appeals, decisions
from beside.moderation.appeals import NotSuspended
from beside.people import budgets, moderators
from beside.people.guesses import TooManyGuesses
from beside.people.moderators import NotAModerator
from beside.posts.authorship import own as own_post
from beside.posts.models import Post
from beside.web.forms.suspensions import AddressForm, AppealForm
from beside.web.http.rate_limits import count_act, sentence_for
from beside.web.http.request import Request, posted_id
from beside.web.pages.suspensions import suspension_page, suspensions_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Everything that is closed, for moderators: opening it again, and closing a mail address."""
    if not moderators.is_moderator(request.account):
        raise NothingToSee
    form = AddressForm(request.POST if request.POST.get("do") == "close" else None)
    if request.method == "POST" and _is_done(request, form):
        return redirect("suspensions")
    page = suspensions_page(request.account, form)
    return render(request, "suspensions/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """The one page of somebody whose place is closed: why, how to appeal, and their archive."""
    if request.account.suspended_at is None:
        return redirect("home")
    return _suspension(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def of_letter(request: Request, post_id: UUID) -> HttpResponse:
    """Why a letter is closed, for its authors, and how to appeal."""
    post = own_post(request.account, post_id)
    if post.suspended_at is None:
        return redirect("letter", post_id)
    return _suspension(request, post)


def _suspension(request: Request, post: Post | None) -> HttpResponse:
    form = AppealForm(request.POST or None)
    if form.is_valid() and _is_sent(request, post, form):
        messages.info(request, _("They’ll read it. Nothing changes until they answer."))
        return redirect(request.path)
    page = suspension_page(request.account, post, form)
    return render(request, "suspensions/show.html", {"page": page})


def _is_sent(request: Request, post: Post | None, form: AppealForm) -> bool:
    try:
        count_act(budgets.APPEALS, request.account)
        appeals.send(request.account, post, form.cleaned_data["words"], at=timezone.now())
    except TooManyGuesses as refusal:
        form.add_error(None, sentence_for(refusal))
    except NotSuspended:
        return True
    return not form.errors


def _is_done(request: Request, form: AddressForm) -> bool:
    do, by, at = request.POST.get("do", ""), request.account, timezone.now()
    try:
        if do == "open letter":
            decisions.open_letter(posted_id(request, "which"), by=by, at=at)
        elif do == "open place":
            decisions.open_place(posted_id(request, "which"), by=by)
        elif do == "open address":
            decisions.open_address(request.POST.get("address", ""), by=by)
        elif form.is_valid():
            decisions.close_address(**form.cleaned_data, by=by, at=at)
        else:
            return not form.is_bound
    except NotAModerator:
        raise NothingToSee from None
    return True
