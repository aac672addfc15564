"""The ends of a letter: taken back from its readers, or destroyed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.photos.models import Photo
from beside.posts import destroying, taking_back
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.destroying import StillArriving
from beside.posts.models import Destruction, Post
from beside.web.http.request import Request
from beside.web.pages import audience
from beside.web.views.sign_in import require_recent_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, post_id: UUID) -> HttpResponse:
    """What happens the moment one presses, and the one button. Afterwards: what is left, and where."""
    post = own(request.account, post_id)
    if post.state == Post.State.DRAFT:
        return redirect("edit_letter", post_id)
    if request.method == "POST":
        taking_back.take_back(post, by=request.account, at=timezone.now())
        return redirect("taking_back", post_id)
    is_gone = post.state == Post.State.TAKEN_BACK
    template = "taking_back/done.html" if is_gone else "taking_back/edit.html"
    return render(request, template, _context(request, post))


@require_http_methods(["GET", "HEAD", "POST"])
def destroy(request: Request, post_id: UUID) -> HttpResponse:
    """Destroy a letter and its originals in thirty days; a draft's words alone. It can be stopped."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _destruction_page(request, post)
    now, do = timezone.now(), request.POST.get("do")
    if do != "stop":
        require_recent_sign_in(request)
    asked = _asked(request, post)
    if do == "stop" and asked:
        destroying.stop(asked, by=request.account, at=now)
        messages.info(request, _("It stays. Nothing is destroyed."))
    elif do == "now" and asked:
        return _destroy_now(request, asked, at=now)
    elif do == "ask":
        _ask(request, post, at=now)
    return redirect("destroy_letter", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def destroy_photograph(request: Request, photo_id: UUID) -> HttpResponse:
    """Destroy one photograph, its original too, in thirty days. It can be stopped."""
    photo = destroying.held(photo_id, by=request.account)
    asked = destroying.asked_by(request.account).filter(photo=photo).first()
    if request.method != "POST":
        return render(request, "destroying/photograph.html", _about(request, photo, asked))
    now, do = timezone.now(), request.POST.get("do")
    if do != "stop":
        require_recent_sign_in(request)
    if do == "stop" and asked:
        destroying.stop(asked, by=request.account, at=now)
        messages.info(request, _("It stays. Nothing is destroyed."))
    elif do == "now" and asked:
        return _destroy_now(request, asked, at=now)
    elif do == "ask":
        try:
            destroying.ask_for_photo(photo, by=request.account, at=now)
        except StillArriving as refusal:
            messages.info(request, str(refusal))
    return redirect("destroy_photograph", photo_id)


def _about(request: Request, photo: Photo, asked: Destruction | None) -> dict[str, object]:
    return {
        "photo": photo,
        "asked": asked,
        "may_be_now": asked is not None and destroying.is_alone(asked),
        "would_be_on": destroying.due(request.account, at=timezone.now()),
        "lies_in_a_letter": hasattr(photo, "placed"),
    }


def _ask(request: Request, post: Post, *, at: datetime) -> None:
    if post.state == Post.State.DRAFT:
        destroying.throw_away(post, by=request.account, at=at)
    else:
        destroying.ask_for_post(post, by=request.account, at=at)


def _destroy_now(request: Request, asked: Destruction, *, at: datetime) -> HttpResponse:
    try:
        destroying.destroy_now(asked, by=request.account, at=at)
    except WaitsForOthers as refusal:
        messages.info(request, str(refusal))
        return _back_to(asked)
    return render(request, "destroying/done.html", {"at": at})


def _back_to(asked: Destruction) -> HttpResponse:
    if asked.post_id is not None:
        return redirect("destroy_letter", asked.post_id)
    return redirect("destroy_photograph", asked.photo_id)


def _destruction_page(request: Request, post: Post) -> HttpResponse:
    asked = _asked(request, post)
    context = _context(request, post) | {
        "asked": asked,
        "may_be_now": asked is not None and destroying.is_alone(asked),
        "would_be_on": destroying.due(request.account, at=timezone.now()),
        "is_draft": post.state == Post.State.DRAFT,
    }
    return render(request, "destroying/letter.html", context)


def _asked(request: Request, post: Post) -> Destruction | None:
    return destroying.asked_by(request.account).filter(post=post).first()


def _context(request: Request, post: Post) -> dict[str, object]:
    return {
        "post": post,
        "others": audience.others_in_words(post, request.account),
        "has_photographs": post.placed.exists(),
    }
