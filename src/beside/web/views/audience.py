"""Who can see this, by name, now: to read, and to change."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import approvals, audiences
from beside.posts.approvals import AnotherRequestOpen, NothingToApprove
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.models import Post
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords
from beside.web.forms.approvals import MessageForm
from beside.web.forms.audience import AudienceForm
from beside.web.http.request import Request
from beside.web.pages import reach
from beside.web.pages.audience import ask_page, audience_page

REFUSALS = (
    AnotherRequestOpen,
    NobodyNamed,
    NoteNeeded,
    NothingToApprove,
    PhotographsWiderThanWords,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Who can see it, by name, and the form that changes it. Showing it to fewer people takes one press."""
    post = own(request.account, post_id)
    if post.state == Post.State.TAKEN_BACK:
        return redirect("taking_back", post_id)
    if request.method != "POST":
        return _page(request, post, AudienceForm(post=post, account=request.account))
    if request.POST.get("do") == "nobody":
        return _show_to_nobody(request, post)
    if "put_back" in request.POST:
        return _put_back(request, post)
    form = AudienceForm(request.POST, post=post, account=request.account)
    if not form.is_valid():
        return _page(request, post, form, needs=_("Please choose again who it’s for."))
    return _change_or_ask(request, post, form, _wanted(request, form))


def _put_back(request: Request, post: Post) -> HttpResponse:
    """Show it again to whom it was for before it was last narrowed; with other authors, ask them."""
    before = audiences.before_narrowing(post)
    if before is None:
        return redirect("audience", post.pk)
    return _change_or_ask(request, post, AudienceForm(post=post, account=request.account), before)


def _change_or_ask(request: Request, post: Post, form: AudienceForm, want: Chosen) -> HttpResponse:
    """Make `post` be for `want`, or ask its other authors; `form` is shown again if that can't be."""
    try:
        if request.POST.get("do") == "ask":
            return _ask(request, post, want)
        _change(request, post, want)
    except WaitsForOthers:
        return _before_asking(request, post, want, MessageForm())
    except REFUSALS as refusal:
        return _page(request, post, form, needs=str(refusal))
    messages.info(request, _("It’s for those people now. The change took effect everywhere."))
    return redirect("audience", post.pk)


def _ask(request: Request, post: Post, want: Chosen) -> HttpResponse:
    """Ask the other authors. The page before has sent the choices along in hidden fields."""
    message = MessageForm(request.POST)
    if not message.is_valid():
        return _before_asking(request, post, want, message)
    said = message.cleaned_data["message"]
    approvals.request_approval(
        post, want, publishes=False, message=said, by=request.account, at=timezone.now()
    )
    return redirect("letter", post.pk)


def _before_asking(
    request: Request, post: Post, want: Chosen, message: MessageForm
) -> HttpResponse:
    page = ask_page(post, request.account, want, message, request.POST, at=timezone.now())
    return render(request, "audience/ask.html", {"page": page})


def _wanted(request: Request, form: AudienceForm) -> Chosen:
    wanted = form.chosen()
    return replace(wanted, veiled=False) if "lay_open" in request.POST else wanted


def _change(request: Request, post: Post, want: Chosen) -> None:
    if post.state == Post.State.DRAFT:
        audiences.choose(post, want, by=request.account)
    else:
        audiences.change(post, want, by=request.account, at=timezone.now())


def _show_to_nobody(request: Request, post: Post) -> HttpResponse:
    if post.state == Post.State.DRAFT:
        nobody = Chosen(veiled=post.veiled, door=audiences.door_of(post))
        audiences.choose(post, nobody, by=request.account)
    else:
        audiences.show_to_nobody(post, by=request.account, at=timezone.now())
    messages.info(request, reach.nobody_but(post, request.account))
    return redirect("audience", post.pk)


def _page(request: Request, post: Post, form: AudienceForm, *, needs: str = "") -> HttpResponse:
    post.refresh_from_db()
    page = audience_page(post, request.account, form, at=timezone.now(), needs=needs)
    return render(request, "audience/edit.html", {"page": page})
