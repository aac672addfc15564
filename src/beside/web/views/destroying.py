"""Destroying a letter or a photograph: after thirty days in which it can be stopped, or at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import destroying
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.destroying import StillArriving
from beside.posts.models import Destruction, Post
from beside.web.http.request import Request
from beside.web.pages.destroying import destroy_letter_page, destroy_photograph_page
from beside.web.views.sign_in import require_recent_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, post_id: UUID) -> HttpResponse:
    """Destroy a letter and its originals in thirty days; only the words of a draft."""
    post = own(request.account, post_id)
    asked = destroying.asked_by(request.account).filter(post=post).first()
    if request.method != "POST":
        page = destroy_letter_page(post, request.account, asked, at=timezone.now())
        return render(request, "destroying/letter.html", {"page": page})
    if request.POST.get("do") != "stop":
        require_recent_sign_in(request)
    if asked and request.POST.get("do") in ("stop", "now"):
        return _stop_or_destroy(request, asked)
    if request.POST.get("do") == "ask":
        is_draft = post.state == Post.State.DRAFT
        ask = destroying.throw_away if is_draft else destroying.ask_for_post
        ask(post, by=request.account, at=timezone.now())
    return redirect("destroy_letter", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def photograph(request: Request, photo_id: UUID) -> HttpResponse:
    """Destroy one photograph, with its original, in thirty days."""
    photo = destroying.held(photo_id, by=request.account)
    asked = destroying.asked_by(request.account).filter(photo=photo).first()
    if request.method != "POST":
        page = destroy_photograph_page(photo, request.account, asked, at=timezone.now())
        return render(request, "destroying/photograph.html", {"page": page})
    if request.POST.get("do") != "stop":
        require_recent_sign_in(request)
    if asked and request.POST.get("do") in ("stop", "now"):
        return _stop_or_destroy(request, asked)
    if request.POST.get("do") == "ask":
        try:
            destroying.ask_for_photo(photo, by=request.account, at=timezone.now())
        except StillArriving as refusal:
            messages.info(request, str(refusal))
    return redirect("destroy_photograph", photo_id)


def _stop_or_destroy(request: Request, asked: Destruction) -> HttpResponse:
    now = timezone.now()
    if request.POST["do"] == "stop":
        destroying.stop(asked, by=request.account, at=now)
        messages.info(request, _("It stays. Nothing is destroyed."))
        return _back_to(asked)
    try:
        destroying.destroy_now(asked, by=request.account, at=now)
    except WaitsForOthers as refusal:
        messages.info(request, str(refusal))
        return _back_to(asked)
    return render(request, "destroying/done.html", {"at": now})


def _back_to(asked: Destruction) -> HttpResponse:
    if asked.post_id is not None:
        return redirect("destroy_letter", asked.post_id)
    return redirect("destroy_photograph", asked.photo_id)
