"""Requests to be let in at a door, for those who decide on them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.door import admissions, requests
from beside.access.door.admissions import NotWaiting
from beside.access.models import AccessRequest
from beside.posts import audiences
from beside.posts.authorship import own
from beside.web.forms.access_requests import AnswerForm
from beside.web.http.request import Request, posted_id
from beside.web.pages.access_requests import letter_requests_page, requests_page


@require_safe
def index(request: Request) -> HttpResponse:
    """Everyone who waits for an answer, at every door that this account decides on."""
    page = requests_page(request.account, request.viewer, at=timezone.now())
    return render(request, "access_requests/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def index_of_letter(request: Request, post_id: UUID) -> HttpResponse:
    """One letter's door: who waits, who has been let in, and the door's address."""
    post, now, do = own(request.account, post_id), timezone.now(), request.POST.get("do")
    if do == "end":
        admissions.end(post, posted_id(request, "account"), by=request.account, at=now)
        messages.info(request, _("They can’t see it any more, from this moment. They aren’t told."))
    elif do == "renew":
        audiences.renew_door_address(post, by=request.account)
        messages.info(request, _("The door has a new address. The old one leads nowhere now."))
    if request.method == "POST":
        return redirect("letter_access_requests", post_id)
    page = letter_requests_page(post, request.account, request.viewer, at=now)
    return render(request, "access_requests/index_of_letter.html", {"page": page})


@require_POST
def answer(request: Request, request_id: UUID) -> HttpResponse:
    """Let them in, or not. A request that doesn't wait for this account gets the same answer as none."""
    waiting = requests.waiting_for(request.account, at=timezone.now())
    asked, form = waiting.filter(pk=request_id).first(), AnswerForm(request.POST)
    try:
        if asked is None:
            raise NotWaiting
        if form.is_valid():
            messages.info(request, _decide(request, asked, form))
        else:
            messages.info(request, _("Nothing has changed yet. A shorter line will fit."))
    except NotWaiting as refusal:
        messages.info(request, str(refusal))
    return redirect("access_requests")


def _decide(request: Request, asked: AccessRequest, form: AnswerForm) -> str:
    """Do what was answered, and say so. Raises `NotWaiting` where somebody was quicker."""
    now, said = timezone.now(), form.cleaned_data["message"]
    if form.cleaned_data["answer"] == "yes":
        admissions.let_in(asked, by=request.account, message=said, at=now)
        return _("They’re let in, and will see that under News.")
    admissions.decline(asked, by=request.account, at=now)
    return _("It’s a no. They aren’t told, and what they wrote is gone.")
