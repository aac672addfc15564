"""The question to a letter's authors whether more people may see it, and their answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import approvals, coauthors
from beside.posts.approvals import ApprovalRequestEnded
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import own
from beside.posts.drafting import LiesElsewhere, PutHereByAnother
from beside.posts.models import Post
from beside.posts.publishing import NothingToPublish
from beside.posts.reach import NobodyNamed, NoteNeeded, PhotographsWiderThanWords
from beside.querysets import shared_clock
from beside.web.http.request import Request
from beside.web.pages.approvals import approval_page

REFUSALS = (
    ApprovalRequestEnded,
    LiesElsewhere,
    NobodyNamed,
    NoteNeeded,
    NothingToPublish,
    PhotographsWiderThanWords,
    PutHereByAnother,
    TakenBackForGood,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """How it is now and how it would be, side by side; and this author's answer."""
    post = own(request.account, post_id)
    if request.method == "POST":
        _answer(request, post)
        return redirect("letter", post_id)
    page = approval_page(post, request.account, at=timezone.now())
    if page is None:
        return redirect("coauthors" if coauthors.open_invitation(post) else "letter", post_id)
    return render(request, "approvals/edit.html", {"page": page})


def _answer(request: Request, post: Post) -> None:
    do = request.POST.get("do")
    if do == "withdraw":
        approvals.withdraw(post, by=request.account, at=timezone.now())
        messages.info(request, _("You’ve withdrawn the question. Nothing has changed."))
    elif do in ("agree", "keep"):
        _agree_or_keep(request, post, do)
    else:
        messages.info(request, _("Nothing changes until you answer."))


def _agree_or_keep(request: Request, post: Post, do: str) -> None:
    """Answer the question that was on the page, never one that was asked since."""
    act = approvals.approve if do == "agree" else approvals.decline
    try:
        asked = approvals.find_open(post, request.POST.get("asked", ""))
        act(asked, by=request.account, at=shared_clock.now())
    except REFUSALS as refusal:
        messages.info(request, str(refusal))
    else:
        messages.info(request, _("You’ve agreed.") if do == "agree" else _("It stays as it is."))
