"""Closing one letter, a period, or everything; and opening a letter again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.family import families
from beside.posts import approvals, audiences, closing
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.web.forms.approvals import MessageForm
from beside.web.forms.closing import PeriodForm
from beside.web.http.request import Request
from beside.web.pages import reach
from beside.web.pages.approvals import REFUSALS
from beside.web.pages.closing import closing_page


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Close a letter at one press, open it again, or ask its other authors whether to."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post, MessageForm())
    if request.POST.get("do") == "ask":
        return _ask_to_reopen(request, post)
    if request.POST.get("do") == "reopen":
        return _reopen(request, post)
    closing.close(post, by=request.account, at=timezone.now())
    nobody = reach.nobody_but(post, request.account)
    messages.info(request, _("It’s closed. %(who)s") % {"who": nobody})
    return redirect("closing", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: Request) -> HttpResponse:
    """Close everything at one press, or what was published between two days."""
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "closing/everything.html", {"form": form})
    at = timezone.now()
    closing.close_everything(request.account, at=at, **form.cleaned_data)
    if not any(form.cleaned_data.values()):
        families.close(request.account, at=at)
    said = _("It’s closed. Only its authors can see any of it. Each letter can be opened again.")
    messages.info(request, said)
    return redirect("close_everything")


def _reopen(request: Request, post: Post) -> HttpResponse:
    try:
        closing.reopen(post, by=request.account, at=timezone.now())
    except REFUSALS as refusal:
        return _page(request, post, MessageForm(), needs=str(refusal))
    messages.info(request, _("It’s open again, for the same people as before."))
    return redirect("letter", post.pk)


def _ask_to_reopen(request: Request, post: Post) -> HttpResponse:
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, post, form)
    want, said = audiences.chosen(post), form.cleaned_data["message"]
    try:
        approvals.request_approval(
            post, want, publishes=True, message=said, by=request.account, at=timezone.now()
        )
    except REFUSALS as refusal:
        return _page(request, post, form, needs=str(refusal))
    return redirect("letter", post.pk)


def _page(request: Request, post: Post, form: MessageForm, *, needs: str = "") -> HttpResponse:
    page = closing_page(post, request.account, form, at=timezone.now(), needs=needs)
    return render(request, "closing/edit.html", {"page": page})
