"""Added later: words beside the letter, or beside one photograph in it."""

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
from beside.web.forms.addendum import AddendumForm
from beside.web.http.request import Request
from beside.web.views.editor import photograph_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Write something beside what was said first, or take away what one added oneself."""
    post = own(request.account, post_id)
    form = AddendumForm(request.POST if request.method == "POST" else None, post=post)
    if request.POST.get("take_away"):
        addenda.take_away(post, _id_of(request.POST["take_away"]), by=request.account)
        return redirect("addenda", post_id)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, post, form)
        except (NothingSaid, NotPublishedYet, TakenBackForGood) as refusal:
            form.add_error("words", str(refusal))
        else:
            return redirect("letter", post_id)
    said = [one for one in addenda.of(post) if one.author_id == request.account.pk]
    return render(request, "addenda/edit.html", {"post": post, "form": form, "said": said})


def _add(request: Request, post: Post, form: AddendumForm) -> None:
    addenda.add(
        post,
        form.cleaned_data["words"],
        by=request.account,
        at=timezone.now(),
        photo=photograph_of(post, form.cleaned_data["photo"]),
    )


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
