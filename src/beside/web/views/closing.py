"""Closing: one letter, a period, or everything; and opening one again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import closing
from beside.posts.audiences import (
    NobodyNamed,
    NoteNeeded,
    PhotographsWiderThanWords,
    TakenBackForGood,
)
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.models import Post
from beside.web import standing
from beside.web.forms.period import PeriodForm
from beside.web.request import Request

REFUSALS = (NobodyNamed, NoteNeeded, PhotographsWiderThanWords, TakenBackForGood, WaitsForOthers)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Close a letter at one press, or open it again."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post)
    if request.POST.get("do") != "reopen":
        closing.close(post, by=request.account, at=timezone.now())
        messages.info(
            request, _("It’s closed. %(who)s") % {"who": standing.nobody_but(post, request.account)}
        )
        return redirect("closing", post_id)
    try:
        closing.reopen(post, by=request.account, at=timezone.now())
    except REFUSALS as refusal:
        return _page(request, post, needs=str(refusal))
    messages.info(request, _("It’s open again, for the same people as before."))
    return redirect("post", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: Request) -> HttpResponse:
    """Close everything at one press, or what was published between two days."""
    form = PeriodForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "closing/everything.html", {"form": form})
    closing.close_everything(request.account, at=timezone.now(), **form.cleaned_data)
    messages.info(
        request,
        _(
            "It’s closed. Nobody but its authors can see any of it. You can open each again when you like."
        ),
    )
    return redirect("close_everything")


def _page(request: Request, post: Post, *, needs: str = "") -> HttpResponse:
    context = {
        "post": post,
        "needs": needs,
        "is_closed": post.state == Post.State.CLOSED,
        "is_shown": post.state == Post.State.PUBLISHED,
        "stands": standing.standing(post, viewer=request.account, at=timezone.now()),
    }
    return render(request, "closing/edit.html", context)
