"""Writing with somebody: asking them, their answer, and the question whether more people may see a letter."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access import coming_beside
from beside.posts import approvals, coauthors, share_links
from beside.posts.approvals import NotAskedAnyMore
from beside.posts.audiences import (
    NobodyNamed,
    NoteNeeded,
    PhotographsWiderThanWords,
    TakenBackForGood,
)
from beside.posts.authorship import authors_of, name_of, own
from beside.posts.coauthors import (
    CannotBeAsked,
    EnoughAuthors,
    NobodyWouldBeLeft,
    NotWaiting,
    SaidNo,
    SomebodyIsAsked,
    SomethingIsAsked,
)
from beside.posts.models import Post
from beside.posts.publishing import NothingToPublish
from beside.web import mails
from beside.web.forms.coauthors import InvitationForm
from beside.web.http.request import Request
from beside.web.pages import audience as audience_page
from beside.web.pages import coauthors as coauthors_page

CANNOT_ASK = (
    CannotBeAsked,
    EnoughAuthors,
    SaidNo,
    SomebodyIsAsked,
    SomethingIsAsked,
    TakenBackForGood,
)
CANNOT_BE = (
    NotAskedAnyMore,
    NobodyNamed,
    NoteNeeded,
    NothingToPublish,
    PhotographsWiderThanWords,
    TakenBackForGood,
)


@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: Request, post_id: UUID) -> HttpResponse:
    """Who writes a letter: asking somebody, taking that back, stepping out."""
    post = own(request.account, post_id)
    do = request.POST.get("do")
    if do == "ask":
        return _ask(request, post)
    if do == "withdraw":
        coauthors.withdraw(post, by=request.account)
        messages.info(request, _("The question is taken back. Nobody is told."))
    elif do in ("agree", "stay"):
        _say_whether_to_ask(request, post, do)
    elif do == "step out":
        return _step_out(request, post)
    if request.method == "POST":
        return redirect("coauthors", post_id)
    return _beside_page(request, post, InvitationForm(account=request.account, post=post))


@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: Request, invitation_id: UUID) -> HttpResponse:
    """What saying yes means; and the answer. "Not yet" leaves it here, and tells nobody."""
    invitation = coauthors.asked(invitation_id, invitee=request.account)
    name, together_with = name_of(invitation.inviter), coauthors_page.everybody(invitation.post)
    answer = request.POST.get("answer")
    if answer == "yes":
        post = coming_beside.accept(invitation, by=request.account, at=timezone.now())
        messages.info(request, _("Your name stands over it now."))
        return redirect("letter", post.pk)
    if answer == "no":
        coauthors.decline(invitation, by=request.account, at=timezone.now())
        messages.info(request, _("%(name)s is told that you’d rather not.") % {"name": name})
        return redirect("home")
    if answer == "later":
        messages.info(request, _("It waits. You find it under News."))
        return redirect("home")
    context = {"invitation": invitation, "name": name, "everybody": together_with}
    context["are_several"] = len(authors_of(invitation.post)) > 1
    return render(request, "coauthors/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, post_id: UUID) -> HttpResponse:
    """How it is now and how it would be, side by side; and the answer of each author."""
    post = own(request.account, post_id)
    if request.method == "POST":
        return _answer(request, post, request.POST.get("do", ""))
    now = timezone.now()
    waiting = coauthors_page.question(post, request.account, at=now)
    if waiting is None:
        return redirect("coauthors" if coauthors.open_for(post) else "letter", post_id)
    context = {
        "post": post,
        "question": waiting,
        "now": coauthors_page.now(post, request.account, at=now),
        "then": coauthors_page.asked_for(post, request.account, at=now),
    }
    return render(request, "approvals/edit.html", context)


@require_safe
def read_first(request: Request, post_id: UUID) -> HttpResponse:
    """The letter just as a reader would meet it after every yes. Nobody is shown anything."""
    post = own(request.account, post_id)
    read = coauthors_page.read_first(
        post,
        request.account,
        request.GET.get("who", ""),
        session=request.viewer.session,
        at=timezone.now(),
    )
    return render(
        request, "approvals/preview.html", {"post": post, "read": read, "letter": read.letter}
    )


def _say_whether_to_ask(request: Request, post: Post, do: str) -> None:
    """An answer is to the question that was on the page, never to one that came after it."""
    waiting = coauthors.open_for(post)
    act = coauthors.agree_to_ask if do == "agree" else coauthors.stay_as_we_are
    try:
        if waiting is None or str(waiting.pk) != request.POST.get("asked"):
            raise NotWaiting
        act(waiting, by=request.account, at=timezone.now())
    except NotWaiting as refusal:
        messages.info(request, str(refusal))
    else:
        messages.info(request, _("You’ve agreed.") if do == "agree" else _("It stays as it is."))


def _ask(request: Request, post: Post) -> HttpResponse:
    form = InvitationForm(request.POST, account=request.account, post=post)
    if not form.is_valid():
        return _beside_page(request, post, form)
    who, said = form.cleaned_data["who"], form.cleaned_data["said"]
    try:
        coauthors.invite(post, who, said=said, by=request.account, at=timezone.now())
    except CANNOT_ASK as refusal:
        return _beside_page(request, post, form, needs=str(refusal))
    told = coauthors_page.further(post, request.account, at=timezone.now())
    if told and told.is_on_its_way:
        messages.info(request, _("%(name)s finds it under News.") % {"name": told.who})
    return redirect("coauthors", post.pk)


def _step_out(request: Request, post: Post) -> HttpResponse:
    now = timezone.now()
    try:
        freed = coming_beside.step_out(post, by=request.account, at=now)
    except NobodyWouldBeLeft as refusal:
        messages.info(request, str(refusal))
        return redirect("coauthors", post.pk)
    mails.deliver_links(
        [(link, share_links.secret_for_mail(link, at=now)) for link in freed], at=now
    )
    messages.info(request, _("You’ve stepped out. Your photographs are in your drawer."))
    return redirect("home")


def _beside_page(
    request: Request, post: Post, form: InvitationForm, *, needs: str = ""
) -> HttpResponse:
    context = {
        "post": post,
        "form": form,
        "needs": needs,
        "everybody": coauthors_page.everybody(post),
        "others": audience_page.others_in_words(post, request.account),
        "further": coauthors_page.further(post, request.account, at=timezone.now()),
        "has_room": coauthors.has_room(post),
        "is_gone": post.state == Post.State.TAKEN_BACK,
    }
    return render(request, "coauthors/index.html", context)


def _answer(request: Request, post: Post, do: str) -> HttpResponse:
    """An answer is to the question that was on the page, never to one that came after it."""
    now = timezone.now()
    if do == "withdraw":
        approvals.take_question_back(post, by=request.account, at=now)
        messages.info(request, _("The question is taken back. Nothing has changed."))
    elif do in ("agree", "keep"):
        try:
            waiting = approvals.asked_of(post, request.POST.get("asked", ""))
            act = approvals.agree if do == "agree" else approvals.keep_as_it_is
            act(waiting, by=request.account, at=now)
        except CANNOT_BE as refusal:
            messages.info(request, str(refusal))
            return redirect("letter", post.pk)
        said = _("You’ve agreed.") if do == "agree" else _("It stays as it is.")
        messages.info(request, said)
    else:
        messages.info(request, _("Nothing changes until you answer."))
    return redirect("letter", post.pk)
