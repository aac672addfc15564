"""Adding photographs to a letter that has been published. Its readers aren't told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import approvals
from beside.posts.approvals import AnotherRequestOpen
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import own
from beside.posts.drafting import LiesElsewhere, PutHereByAnother
from beside.posts.models import Post
from beside.posts.reach import NoteNeeded
from beside.web.forms.approvals import MessageForm
from beside.web.http.request import Request
from beside.web.pages.more_photographs import choices, more_photographs_page

REFUSALS = (AnotherRequestOpen, LiesElsewhere, NoteNeeded, PutHereByAnother, TakenBackForGood)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Choose photographs of the drawer; with other authors, ask them."""
    post = own(request.account, post_id)
    if post.state not in (Post.State.PUBLISHED, Post.State.CLOSED):
        return redirect("letter", post_id)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, post, form)
    return _add(request, post, form)


def _add(request: Request, post: Post, form: MessageForm) -> HttpResponse:
    wanted = set(request.POST.getlist("photo"))
    photos = [one for one in choices(request.account, post) if str(one.pk) in wanted]
    if not photos:
        return _page(request, post, form, needs=_("Tick the photographs that you’d like to add."))
    message, now = form.cleaned_data["message"], timezone.now()
    try:
        asked = approvals.request_photographs(
            post, photos, message=message, by=request.account, at=now
        )
    except REFUSALS as refusal:
        ids = [one.pk for one in photos]
        return _page(request, post, form, chosen=ids, needs=str(refusal))
    if asked is None:
        messages.info(request, _("They’re in the letter. Nobody is told."))
    return redirect("letter", post.pk)


def _page(
    request: Request,
    post: Post,
    form: MessageForm,
    *,
    chosen: list[UUID] | None = None,
    needs: str = "",
) -> HttpResponse:
    page = more_photographs_page(
        post,
        form,
        request,
        chosen=chosen or (),
        at=timezone.now(),
        needs=needs,
    )
    return render(request, "more_photographs/edit.html", {"page": page})
