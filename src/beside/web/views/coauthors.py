"""Writing a letter together: inviting somebody, their answer, and stepping out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.posts import coauthors, share_links
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import name_of, own
from beside.posts.coauthors import (
    AlreadyDeclined,
    AnotherInvitationOpen,
    ApprovalPending,
    CannotInvite,
    InvitationEnded,
    LastAuthor,
    TooManyAuthors,
)
from beside.posts.models import CoauthorInvitation, Post
from beside.web import mails
from beside.web.forms.coauthors import InvitationForm
from beside.web.http.request import Request
from beside.web.pages.coauthors import coauthors_page, invitation_page, open_invitation

REFUSALS = (
    CannotInvite,
    TooManyAuthors,
    AlreadyDeclined,
    AnotherInvitationOpen,
    ApprovalPending,
    TakenBackForGood,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """Who writes a letter: inviting somebody, withdrawing that, and stepping out."""
    post = own(request.account, post_id)
    if request.method != "POST":
        return _page(request, post, InvitationForm(account=request.account, post=post))
    do = request.POST.get("do")
    if do == "ask":
        return _invite(request, post)
    if do == "step out":
        return _step_out(request, post)
    if do == "withdraw":
        coauthors.withdraw(post, by=request.account)
        messages.info(request, _("You’ve withdrawn the question. Nobody is told."))
    elif do in ("agree", "stay"):
        _agree_or_stay(request, post, do)
    return redirect("coauthors", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, invitation_id: UUID) -> HttpResponse:
    """What saying yes means, and the answer. "Not yet" leaves it open, and tells nobody."""
    invited = coauthors.find_invitation(invitation_id, invitee=request.account)
    answer = request.POST.get("answer")
    if answer == "yes":
        return _accept(request, invited)
    if answer == "no":
        coauthors.decline(invited, by=request.account, at=timezone.now())
        name = name_of(invited.inviter)
        messages.info(request, _("%(name)s is told that you’d rather not.") % {"name": name})
        return redirect("home")
    if answer == "later":
        messages.info(request, _("It can wait. You’ll find it under News."))
        return redirect("home")
    return render(request, "coauthors/invitation.html", {"page": invitation_page(invited)})


def _accept(request: Request, invited: CoauthorInvitation) -> HttpResponse:
    post = coauthors.accept(invited, by=request.account, at=timezone.now())
    messages.info(request, _("You’re one of its authors now."))
    return redirect("letter", post.pk)


def _invite(request: Request, post: Post) -> HttpResponse:
    form = InvitationForm(request.POST, account=request.account, post=post)
    if not form.is_valid():
        return _page(request, post, form)
    who, said = form.cleaned_data["who"], form.cleaned_data["message"]
    try:
        coauthors.invite(post, who, message=said, by=request.account, at=timezone.now())
    except REFUSALS as refusal:
        return _page(request, post, form, needs=str(refusal))
    invited = open_invitation(post, request.account, at=timezone.now())
    if invited and invited.is_sent:
        messages.info(request, _("%(name)s will find it under News.") % {"name": invited.who})
    return redirect("coauthors", post.pk)


def _agree_or_stay(request: Request, post: Post, do: str) -> None:
    """Answer the question that was on the page, never one that was asked since."""
    act = coauthors.approve_invitation if do == "agree" else coauthors.refuse_invitation
    waiting = coauthors.open_invitation(post)
    try:
        if waiting is None or str(waiting.pk) != request.POST.get("asked"):
            raise InvitationEnded
        act(waiting, by=request.account, at=timezone.now())
    except InvitationEnded as refusal:
        messages.info(request, str(refusal))
    else:
        messages.info(request, _("You’ve agreed.") if do == "agree" else _("It stays as it is."))


def _step_out(request: Request, post: Post) -> HttpResponse:
    now = timezone.now()
    try:
        freed = coauthors.step_out(post, by=request.account, at=now)
    except LastAuthor as refusal:
        messages.info(request, str(refusal))
        return redirect("coauthors", post.pk)
    mails.deliver_links(
        [(link, share_links.secret_for_mail(link, at=now)) for link in freed], at=now
    )
    messages.info(request, _("You’ve stepped out. Your photographs are in your drawer."))
    return redirect("home")


def _page(request: Request, post: Post, form: InvitationForm, *, needs: str = "") -> HttpResponse:
    page = coauthors_page(post, request.account, form, at=timezone.now(), needs=needs)
    return render(request, "coauthors/edit.html", {"page": page})
