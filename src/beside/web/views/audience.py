"""Who can see this, by name, now: to look at, to change, and to see with somebody else's eyes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access import preview
from beside.access.policy import NothingToSee, Viewer
from beside.posts import approvals, audiences, reach
from beside.posts.approvals import AnotherRequestOpen, NothingToApprove
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.models import Post
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords
from beside.web.forms.audience import AudienceForm, ReaderForm
from beside.web.forms.coauthors import SaidForm
from beside.web.http.request import Request
from beside.web.pages import audience, coauthors
from beside.web.pages import letter as letter_page

REFUSALS = (
    AnotherRequestOpen,
    NobodyNamed,
    NoteNeeded,
    NothingToApprove,
    PhotographsWiderThanWords,
)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """By name, and the form that changes it. To fewer people it changes at one press."""
    post = own(request.account, post_id)
    if post.state == Post.State.TAKEN_BACK:
        return redirect("taking_back", post_id)
    if request.method != "POST":
        return _page(request, post, AudienceForm(post=post, account=request.account))
    do = request.POST.get("do")
    if do == "nobody":
        return _show_to_nobody(request, post)
    form = AudienceForm(request.POST, post=post, account=request.account)
    if not form.is_valid():
        return _page(request, post, form, needs=_("Choose once more who it’s for."))
    try:
        if do == "ask":
            return _ask(request, post, form)
        _change(request, post, form)
    except WaitsForOthers:
        return _before_asking(request, post, form, SaidForm())
    except REFUSALS as refusal:
        return _page(request, post, form, needs=str(refusal))
    messages.info(request, _("It’s for those people now. It was changed everywhere at once."))
    return redirect("audience", post_id)


@require_safe
def as_reader(request: Request, post_id: UUID) -> HttpResponse:
    """The letter as somebody else would meet it, before and after it is published."""
    post = own(request.account, post_id)
    form = ReaderForm(request.GET, post=post, account=request.account)
    viewer = Viewer(form.reader(), request.viewer.session)
    now = timezone.now()
    try:
        with preview.seen_as(post, viewer, at=now, by_link=form.link()) as seen:
            letter = letter_page.letter(seen, viewer, at=now)
    except NothingToSee:
        letter = None
    context = {
        "post": post,
        "form": form,
        "letter": letter,
        "is_seen_now": post.state == Post.State.PUBLISHED,
    }
    return render(request, "audience/as_reader.html", context)


def _ask(request: Request, post: Post, form: AudienceForm) -> HttpResponse:
    """Ask the others. What was ticked has come along with their page, in hidden fields."""
    said = SaidForm(request.POST)
    if not said.is_valid():
        return _before_asking(request, post, form, said)
    approvals.request_approval(
        post,
        _wanted(request, form),
        shows=False,
        said=said.cleaned_data["said"],
        by=request.account,
        at=timezone.now(),
    )
    return redirect("letter", post.pk)


def _before_asking(
    request: Request, post: Post, form: AudienceForm, said: SaidForm
) -> HttpResponse:
    """How it is and how it would be, for whoever is about to ask. Nothing has changed yet."""
    at, want = timezone.now(), _wanted(request, form)
    left_out = ("csrfmiddlewaretoken", "do", "said")
    context = {
        "post": post,
        "others": audience.others_in_words(post, request.account),
        "now": coauthors.now(post, request.account, at=at),
        "then": coauthors.then(post, want, request.account, shows=False, at=at),
        "said": said,
        "kept": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in left_out
            for value in values
        ],
    }
    return render(request, "approvals/ask.html", context)


def _wanted(request: Request, form: AudienceForm) -> Chosen:
    wanted = form.chosen()
    return replace(wanted, veiled=False) if "lay_open" in request.POST else wanted


def _change(request: Request, post: Post, form: AudienceForm) -> None:
    wanted = _wanted(request, form)
    if post.state == Post.State.DRAFT:
        audiences.choose(post, wanted, by=request.account)
    else:
        audiences.change(post, wanted, by=request.account, at=timezone.now())


def _show_to_nobody(request: Request, post: Post) -> HttpResponse:
    if post.state == Post.State.DRAFT:
        audiences.choose(
            post,
            reach.Chosen(veiled=post.veiled, door=audiences.door_of(post)),
            by=request.account,
        )
    else:
        audiences.show_to_nobody(post, by=request.account, at=timezone.now())
    messages.info(request, audience.nobody_but(post, request.account))
    return redirect("audience", post.pk)


def _page(request: Request, post: Post, form: AudienceForm, *, needs: str = "") -> HttpResponse:
    now = timezone.now()
    post.refresh_from_db()
    context = {
        "post": post,
        "stands": audience.standing(post, viewer=request.account, at=now),
        "audience": form,
        "needs": needs,
        "is_seen_now": post.state == Post.State.PUBLISHED,
        "others": audience.others_in_words(post, request.account),
        "question": coauthors.question(post, request.account, at=now),
    }
    return render(request, "audience/edit.html", context)
