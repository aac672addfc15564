"""Publishing: a page that says once more who it's for, and the one button that shows it to them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.posts import publishing
from beside.posts.audiences import (
    NobodyNamed,
    NoteNeeded,
    PhotographsWiderThanWords,
    TakenBackForGood,
)
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.models import Post
from beside.posts.publishing import NothingToPublish
from beside.web import standing
from beside.web.request import Request

REFUSALS = (
    NobodyNamed,
    NoteNeeded,
    NothingToPublish,
    PhotographsWiderThanWords,
    TakenBackForGood,
    WaitsForOthers,
)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, post_id: UUID) -> HttpResponse:
    """How the letter stands, and "Publish"; what it still needs is said here, and nothing is lost."""
    post = own(request.account, post_id)
    if post.state != Post.State.DRAFT:
        return redirect("post", post_id)
    try:
        if request.method == "POST":
            publishing.publish(post, by=request.account, at=timezone.now())
            return redirect("post", post_id)
        publishing.require_ready(post, by=request.account)
    except REFUSALS as refusal:
        return _page(request, post, needs=str(refusal))
    return _page(request, post)


def _page(request: Request, post: Post, *, needs: str = "") -> HttpResponse:
    stands = standing.standing(post, viewer=request.account, at=timezone.now())
    without = post.placed.filter(photo__description="").exists()
    context = {"post": post, "stands": stands, "needs": needs, "some_undescribed": without}
    return render(request, "writing/publish.html", context)
