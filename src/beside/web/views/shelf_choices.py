"""Whether a letter may be found, and its language."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.finding import shelf
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.web.forms.shelf_choices import LanguageForm
from beside.web.http.request import Request
from beside.web.pages.shelf_choices import shelf_choice_page


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Let a letter be found, or not any more, and say its language."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post, LanguageForm(chosen=post.language))
    acts = {"allow": _allow, "end": _end}
    return acts.get(request.POST.get("do", ""), _say_language)(request, post)


def _allow(request: Request, post: Post) -> HttpResponse:
    shelf.allow(post, by=request.account, at=timezone.now())
    return redirect("shelf_choice", post.pk)


def _end(request: Request, post: Post) -> HttpResponse:
    shelf.end(post, by=request.account, at=timezone.now())
    messages.info(request, _("From now on, nobody finds it on the shelf."))
    return redirect("shelf_choice", post.pk)


def _say_language(request: Request, post: Post) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _page(request, post, form)
    shelf.say_language(post, form.cleaned_data["language"], by=request.account)
    messages.info(request, _("Saved."))
    return redirect("shelf_choice", post.pk)


def _page(request: Request, post: Post, form: LanguageForm) -> HttpResponse:
    page = shelf_choice_page(post, request.account, form)
    return render(request, "shelf_choices/edit.html", {"page": page})
