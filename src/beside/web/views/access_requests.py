"""Who asks to be let in, for those who decide; who has been let in; and the door's own address."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.door import admissions, requests
from beside.access.door.admissions import NotWaiting
from beside.access.policy import NothingToSee
from beside.posts import audiences
from beside.posts.authorship import own
from beside.posts.models import Audience, Post
from beside.web.forms.door import AnswerForm
from beside.web.http.request import Request
from beside.web.pages import letter
from beside.web.pages.access_requests import asked_by


@require_safe
def index(request: Request) -> HttpResponse:
    """Whoever waits for an answer, at all doors at which one decides."""
    now = timezone.now()
    waiting = requests.waiting_for(request.account, at=now)
    context = {"waiting": asked_by(waiting, request.viewer, at=now)}
    return render(request, "access_requests/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def of_letter(request: Request, post_id: UUID) -> HttpResponse:
    """One letter's door: who waits, who has been let in, and its address."""
    post = own(request.account, post_id)
    do = request.POST.get("do")
    if do == "end":
        admissions.end(post, _account_in(request), by=request.account, at=timezone.now())
        messages.info(request, _("They’re let in no more, from this moment. They aren’t told."))
    elif do == "renew":
        audiences.renew_door_address(post, by=request.account)
        messages.info(request, _("The door has a new address. At the old one there’s nothing."))
    if request.method == "POST":
        return redirect("letter_access_requests", post_id)
    now = timezone.now()
    waiting = requests.waiting_for(request.account, at=now).filter(post=post)
    context = {
        "post": post,
        "title": letter.title_of(post),
        "waiting": asked_by(waiting, request.viewer, at=now),
        "let_in": admissions.admissions_to(post),
        "has_door": audiences.has_door(post),
        "is_shut": audiences.door_of(post).is_shut(),
        "address": _address(post),
    }
    return render(request, "access_requests/of_letter.html", context)


@require_POST
def answer(request: Request, request_id: UUID) -> HttpResponse:
    """Let them in, or not. Whatever isn't waiting for one's answer is answered alike."""
    now, form = timezone.now(), AnswerForm(request.POST)
    asked = requests.waiting_for(request.account, at=now).filter(pk=request_id).first()
    try:
        if asked is None:
            raise NotWaiting
        if not form.is_valid():
            messages.info(request, _("Nothing has changed yet. A shorter line will fit."))
        elif form.cleaned_data["answer"] == "yes":
            admissions.let_in(asked, by=request.account, said=form.cleaned_data["said"], at=now)
            messages.info(request, _("They’re let in, and find it under News."))
        else:
            admissions.decline(asked, by=request.account, at=now)
            messages.info(request, _("It’s a no. They aren’t told, and what they wrote is gone."))
    except NotWaiting as refusal:
        messages.info(request, str(refusal))
    return redirect("access_requests")


def _address(post: Post) -> str:
    if post.words_for != Audience.LET_IN:
        return ""
    return settings.BESIDE.url.rstrip("/") + reverse("door_by_address", args=[post.door_address])


def _account_in(request: Request) -> UUID:
    try:
        return UUID(request.POST["account"])
    except (KeyError, ValueError):
        raise NothingToSee from None
