"""The drawer: photographs that an account has put here and shown to nobody."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.access.policy import NothingToSee
from beside.posts import drafting
from beside.posts.authorship import own
from beside.posts.drafting import PutHereByAnother, ShownByAll
from beside.posts.models import Post
from beside.web.http.multipart import takes_photographs
from beside.web.http.request import Request
from beside.web.pages.drawer import drawer_page
from beside.web.pages.drawer_photographs import own_all
from beside.web.views import form_uploads


@takes_photographs
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """What is in the drawer; and adding photographs."""
    if request.method == "POST":
        return form_uploads.into_drawer(request)
    month, before = request.GET.get("month", ""), request.GET.get("before", "")
    photos = own_all(request.account, [before] if before else [])
    page = drawer_page(
        request,
        month=month,
        before=next(iter(photos), None),
        letter=letter_named(request, request.GET.get("letter", "")),
        at=timezone.now(),
    )
    return render(request, "drawer/index.html", {"page": page})


@require_POST
def begin_letter(request: Request) -> HttpResponse:
    """Put the photographs that were ticked in the letter that is named, or in a new one; oldest first."""
    chosen = own_all(request.account, request.POST.getlist("photo"))
    letter = letter_named(request, request.POST.get("letter", ""))
    try:
        with transaction.atomic():
            post = letter or drafting.begin(uuid.uuid4(), by=request.account, at=timezone.now())
            for photo in sorted(chosen, key=lambda one: one.uploaded_at):
                drafting.place(post, photo, by=request.account)
    except (PutHereByAnother, ShownByAll) as refusal:
        messages.info(request, str(refusal))
        return redirect("drawer")
    return redirect("edit_letter", post.pk)


def letter_named(request: Request, text: str) -> Post | None:
    """The letter of the account's own with this id, for which photographs are chosen; None where none is named."""
    try:
        return own(request.account, uuid.UUID(text)) if text else None
    except ValueError:
        raise NothingToSee from None
