"""The drawer: photographs that an account has put here and shown to nobody."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beside.posts import drafting
from beside.posts.drafting import PutHereByAnother
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
    page = drawer_page(request, month=month, before=next(iter(photos), None), at=timezone.now())
    return render(request, "drawer/index.html", {"page": page})


@require_POST
def begin_letter(request: Request) -> HttpResponse:
    """Begin a letter with the photographs that were ticked, oldest first."""
    chosen = own_all(request.account, request.POST.getlist("photo"))
    try:
        with transaction.atomic():
            post = drafting.begin(uuid.uuid4(), by=request.account, at=timezone.now())
            for photo in sorted(chosen, key=lambda one: one.uploaded_at):
                drafting.place(post, photo, by=request.account)
    except PutHereByAnother as refusal:
        messages.info(request, str(refusal))
        return redirect("drawer")
    return redirect("edit_letter", post.pk)
