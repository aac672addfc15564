"""Who may respond to a letter, and *no more responses*."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts.authorship import own
from beside.posts.models import Post
from beside.responses import choices, policy
from beside.responses.choices import WhoReadsFirst
from beside.web.forms.response_choices import ResponseChoiceForm
from beside.web.http.request import Request
from beside.web.pages.response_choices import (
    level_before,
    response_choice_form,
    response_choice_page,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """What this author chooses; ending responses at one press, undoing that, and opening them again."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post, response_choice_form(post, request.account))
    acts = {"end": _end, "undo": _undo, "resume": _resume}
    return acts.get(request.POST.get("do", ""), _choose)(request, post)


def _choose(request: Request, post: Post) -> HttpResponse:
    now = choices.of(post, request.account)
    form = ResponseChoiceForm(request.POST, now=now, is_screened=policy.has_screener(post))
    if form.is_valid():
        try:
            choices.choose(post, form.chosen(), by=request.account, at=timezone.now())
        except WhoReadsFirst as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.info(request, _("Saved. No reader is told."))
            return redirect("response_choice", post.pk)
    return _page(request, post, form)


def _end(request: Request, post: Post) -> HttpResponse:
    """The address of the next page has the level before, so that the page can offer it again."""
    before = choices.of(post, request.account).responded_by
    choices.end(post, by=request.account, at=timezone.now())
    return redirect(f"{reverse('response_choice', args=[post.pk])}?was={before}")


def _undo(request: Request, post: Post) -> HttpResponse:
    before = level_before(request.POST.get("was", ""))
    if before is not None:
        now = choices.chosen_by(request.account, post)
        choose = replace(now, responded_by=before)
        choices.choose(post, choose, by=request.account, at=timezone.now())
        messages.info(request, _("It’s as it was before."))
    return redirect("response_choice", post.pk)


def _resume(request: Request, post: Post) -> HttpResponse:
    choices.resume(post, by=request.account)
    messages.info(request, _("People can respond again."))
    return redirect("response_choice", post.pk)


def _page(request: Request, post: Post, form: ResponseChoiceForm) -> HttpResponse:
    page = response_choice_page(post, request.account, form, was=request.GET.get("was", ""))
    return render(request, "response_choices/edit.html", {"page": page})
