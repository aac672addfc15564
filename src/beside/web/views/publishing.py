"""Publishing: a page that says once more who it's for, and the one button that shows it to them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.posts import approvals, audiences, publishing
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.querysets import shared_clock
from beside.web.forms.approvals import MessageForm
from beside.web.http.request import Request
from beside.web.pages.publishing import REFUSALS, publishing_page


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, post_id: UUID) -> HttpResponse:
    """Publish a draft, or ask its other authors first. The page says what it still needs."""
    post = own(request.account, post_id)
    if post.state != Post.State.DRAFT:
        return redirect("letter", post_id)
    do = request.POST.get("do")
    form = MessageForm(request.POST if do == "ask" else None)
    needs = ""
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            _publish_or_ask(request, post, form)
            return redirect("share_links" if do == "link" else "letter", post_id)
        except REFUSALS as refusal:
            needs = str(refusal)
    page = publishing_page(post, request.account, form, at=timezone.now(), needs=needs)
    return render(request, "publishing/edit.html", {"page": page})


def _publish_or_ask(request: Request, post: Post, form: MessageForm) -> None:
    now, by = shared_clock.now(), request.account
    if not form.is_bound:
        publishing.publish(post, by=by, at=now)
        return
    want, said = audiences.chosen(post), form.cleaned_data["message"]
    approvals.request_approval(post, want, publishes=True, message=said, by=by, at=now)
