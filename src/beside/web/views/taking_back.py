"""Taking a letter back from its readers, for good."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.posts import taking_back
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.web.http.request import Request
from beside.web.pages.taking_back import taking_back_page


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, post_id: UUID) -> HttpResponse:
    """What happens at the press of the button, and the button; afterwards, what is left and where."""
    post = own(request.account, post_id)
    if post.state == Post.State.DRAFT:
        return redirect("edit_letter", post_id)
    if request.method == "POST":
        taking_back.take_back(post, by=request.account, at=timezone.now())
        return redirect("taking_back", post_id)
    is_taken_back = post.state == Post.State.TAKEN_BACK
    template = "taking_back/done.html" if is_taken_back else "taking_back/edit.html"
    return render(request, template, {"page": taking_back_page(post, request.account)})
