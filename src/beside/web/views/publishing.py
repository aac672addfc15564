"""Publishing: a page that says once more who it's for, and the one button that shows it to them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.posts import approvals, audiences, publishing
from beside.posts.authorship import authors_of, own
from beside.posts.models import Post
from beside.posts.publishing import NothingToPublish
from beside.web.forms.coauthors import SaidForm
from beside.web.http.request import Request
from beside.web.pages import audience, coauthors

REFUSALS = (*coauthors.REFUSALS, NothingToPublish)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, post_id: UUID) -> HttpResponse:
    """How the letter stands, and "Publish"; what it still needs is said here, and nothing is lost."""
    post = own(request.account, post_id)
    if post.state != Post.State.DRAFT:
        return redirect("letter", post_id)
    try:
        if request.method == "POST":
            return _go_on(request, post)
        everybody = [author.pk for author in authors_of(post)]
        publishing.require_ready(post, by=request.account, approved_by=everybody)
    except REFUSALS as refusal:
        return _page(request, post, needs=str(refusal))
    return _page(request, post)


def _go_on(request: Request, post: Post) -> HttpResponse:
    """Publish it; or ask the others, whose last yes does."""
    form, now = SaidForm(request.POST), timezone.now()
    if request.POST.get("do") != "ask":
        publishing.publish(post, by=request.account, at=now)
    elif form.is_valid():
        said = form.cleaned_data["said"]
        want = audiences.chosen(post)
        approvals.request_approval(post, want, shows=True, said=said, by=request.account, at=now)
    else:
        return _page(request, post, form=form)
    return redirect("letter", post.pk)


def _page(
    request: Request, post: Post, *, needs: str = "", form: SaidForm | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {
        "post": post,
        "stands": audience.standing(post, viewer=request.account, at=now),
        "needs": needs,
        "some_undescribed": post.placed.filter(photo__description="").exists(),
        "asks": coauthors.asks_others(post, request.account),
        "question": coauthors.question(post, request.account, at=now),
        "form": form or SaidForm(),
    }
    return render(request, "publishing/edit.html", context)
