"""Closing: one letter, a period, or everything; and opening one again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import approvals, audiences, closing
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.web.forms.coauthors import SaidForm
from beside.web.forms.period import PeriodForm
from beside.web.http.request import Request
from beside.web.pages import audience, coauthors


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Close a letter at one press, or open it again."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post)
    if request.POST.get("do") == "ask":
        return _ask_to_reopen(request, post)
    if request.POST.get("do") != "reopen":
        closing.close(post, by=request.account, at=timezone.now())
        messages.info(
            request, _("It’s closed. %(who)s") % {"who": audience.nobody_but(post, request.account)}
        )
        return redirect("closing", post_id)
    try:
        closing.reopen(post, by=request.account, at=timezone.now())
    except coauthors.REFUSALS as refusal:
        return _page(request, post, needs=str(refusal))
    messages.info(request, _("It’s open again, for the same people as before."))
    return redirect("letter", post_id)


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


def _ask_to_reopen(request: Request, post: Post) -> HttpResponse:
    form, now = SaidForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, post, form=form)
    want, said = audiences.chosen(post), form.cleaned_data["said"]
    try:
        approvals.request_approval(post, want, shows=True, said=said, by=request.account, at=now)
    except coauthors.REFUSALS as refusal:
        return _page(request, post, needs=str(refusal))
    return redirect("letter", post.pk)


def _page(
    request: Request, post: Post, *, needs: str = "", form: SaidForm | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {
        "post": post,
        "needs": needs,
        "is_closed": post.state == Post.State.CLOSED,
        "is_shown": post.state == Post.State.PUBLISHED,
        "stands": audience.standing(post, viewer=request.account, at=now),
        "asks": coauthors.asks_others(post, request.account),
        "question": coauthors.question(post, request.account, at=now),
        "form": form or SaidForm(),
    }
    return render(request, "closing/edit.html", context)
