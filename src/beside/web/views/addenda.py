"""Added later: words about the letter, or about one photograph in it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.posts import addenda
from beside.posts.addenda import NothingSaid, NotPublishedYet
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import own
from beside.posts.models import Post
from beside.web.forms.addenda import AddendumForm
from beside.web.http.request import Request
from beside.web.pages.addenda import addenda_page

REFUSALS = (NothingSaid, NotPublishedYet, TakenBackForGood)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Add something later, or remove what one added oneself."""
    post = own(request.account, post_id)
    if request.POST.get("remove"):
        return _remove(request, post)
    data = request.POST if request.method == "POST" else None
    form = AddendumForm(data, post=post, account=request.account)
    if form.is_valid():
        said, photo = form.cleaned_data["words"], form.photograph()
        try:
            addenda.add(post, said, by=request.account, at=timezone.now(), photo=photo)
        except REFUSALS as refusal:
            form.add_error("words", str(refusal))
        else:
            return redirect("letter", post_id)
    page = addenda_page(post, request.account, form)
    return render(request, "addenda/edit.html", {"page": page})


def _remove(request: Request, post: Post) -> HttpResponse:
    try:
        addenda.take_away(post, UUID(request.POST["remove"]), by=request.account)
    except ValueError:
        return redirect("addenda", post.pk)
    return redirect("addenda", post.pk)
