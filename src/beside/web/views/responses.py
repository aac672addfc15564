"""Writing to the authors of a letter, "I was here", and what one has written to others."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee, see
from beside.people import budgets
from beside.people.guesses import TooManyGuesses
from beside.people.models import Account
from beside.posts.models import Post
from beside.responses import policy, responses
from beside.responses.responses import TakesNoResponses
from beside.web.forms.responses import ResponseForm
from beside.web.http.rate_limits import (
    count_act,
    count_response,
    give_back_response,
)
from beside.web.http.request import Request
from beside.web.pages import content_preferences
from beside.web.pages.responses import box, responses_page
from beside.web.views import not_sent


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, post_id: UUID) -> HttpResponse:
    """Write to the authors. Whatever is wrong, what was typed is on the page that says so."""
    if request.method != "POST":
        post = content_preferences.find_post(request, post_id, at=timezone.now())
        return _page(request, post, ResponseForm())
    form = ResponseForm(request.POST)
    try:
        return _send(request, post_id, form)
    except TakesNoResponses as refusal:
        return not_sent.page(request, form.typed, str(refusal), status=409)
    except NothingToSee:
        if not form.typed.strip():
            raise
        return not_sent.page(request, form.typed, _signed_out(request), status=404)


@require_POST
def presence(request: Request, post_id: UUID) -> HttpResponse:
    """Leave "I was here", or take it back."""
    if request.POST.get("do") == "leave":
        responses.leave(post_id, by=request.account)
        messages.info(request, _("It’s taken back."))
        return redirect("letter", post_id)
    count_act(budgets.PRESENCES, request.account)
    try:
        now = timezone.now()
        responses.be_present(post_id, by=request.account, viewer=request.viewer, at=now)
    except TakesNoResponses:
        messages.info(request, _("They aren’t taking that at the moment. Nothing was left."))
    return redirect("letter", post_id)


@require_safe
def index(request: Request) -> HttpResponse:
    """What one has written to others. Every response looks the same here, whatever has become of it."""
    before = request.GET.get("before", "")
    page = responses_page(request.account, request.viewer, before, at=timezone.now())
    return render(request, "responses/index.html", {"page": page})


@require_POST
def take_back(request: Request, response_id: UUID) -> HttpResponse:
    """Delete one's own response everywhere; for one that isn't there, the answer is the same."""
    responses.take_back(response_id, by=request.account, at=timezone.now())
    messages.info(request, _("It’s taken back. Nobody can read it here any more."))
    return redirect("responses")


def _send(request: Request, post_id: UUID, form: ResponseForm) -> HttpResponse:
    me = _writer(request)
    if not form.is_valid():
        return _page(request, see(request.viewer, post_id, at=timezone.now()), form)
    if not responses.is_sent(form.sent_id(), by=me):
        try:
            _count_and_send(request, post_id, form, me)
        except (TooManyGuesses, OSError, DatabaseError) as fault:
            return _refused(request, post_id, form, fault)
    said = _(
        "It’s sent. You won’t be told what becomes of it. You can take it back whenever you like:"
        " it’s under Letters, Written to others."
    )
    messages.info(request, said)
    return redirect("letter", post_id)


def _count_and_send(request: Request, post_id: UUID, form: ResponseForm, me: Account) -> None:
    key, text, now = form.sent_id(), form.text(), timezone.now()
    responses.require_taken(post_id, request.viewer, at=now)
    count_response(me, post_id)
    try:
        responses.send(key, post_id, text, by=me, viewer=request.viewer, at=now)
    except BaseException:
        give_back_response(me, post_id)
        raise


def _refused(request: Request, post_id: UUID, form: ResponseForm, fault: Exception) -> HttpResponse:
    form.add_error(None, not_sent.refusal(fault))
    post = see(request.viewer, post_id, at=timezone.now())
    return _page(request, post, form, status=not_sent.status_of(fault))


def _writer(request: Request) -> Account:
    """Who is signed in; raises `NothingToSee`, as a visitor isn't told that anybody can respond."""
    if request.viewer.account is None:
        raise NothingToSee
    return request.account


def _signed_out(request: Request) -> str:
    """What to say to somebody whose visit ended while they wrote; empty for everybody else."""
    if request.viewer.account is not None:
        return ""
    return _(
        "You aren’t signed in any more. Sign in, open the letter again, and put your words there."
    )


def _page(request: Request, post: Post, form: ResponseForm, *, status: int = 200) -> HttpResponse:
    me = _writer(request)
    if not policy.may_respond(post.pk, request.viewer, at=timezone.now()):
        raise TakesNoResponses if form.is_bound else NothingToSee
    return render(request, "responses/create.html", {"box": box(post, me, form)}, status=status)
