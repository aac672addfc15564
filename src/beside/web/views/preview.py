"""A letter with somebody else's eyes. Nobody is shown anything."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.posts.authorship import own
from beside.web.forms.preview import ReaderForm
from beside.web.http.request import Request
from beside.web.pages.preview import approval_preview_page, preview_page


@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """The letter as somebody else sees it; an unpublished one as they would."""
    post = own(request.account, post_id)
    form = ReaderForm(request.GET, post=post, account=request.account)
    page = preview_page(post, form, request.viewer, at=timezone.now())
    return render(request, "preview/show.html", {"page": page})


@require_safe
def after_approval(request: Request, post_id: UUID) -> HttpResponse:
    """The letter as a reader would see it after every author's yes."""
    page = approval_preview_page(
        own(request.account, post_id),
        request.account,
        request.GET.get("who", ""),
        request.viewer,
        at=timezone.now(),
    )
    return render(request, "preview/approval.html", {"page": page})
