"""Links for one person: an author's own pages of them. Each secret is shown once, on an answer itself."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.posts import share_link_devices, share_links
from beside.posts.authorship import own
from beside.posts.models import Post, ShareLink
from beside.posts.reach import NoteNeeded
from beside.posts.share_links import PostNotPublished, ShareLinkEnded
from beside.web.forms.share_links import LinkForm, TellForm
from beside.web.http.request import Request
from beside.web.pages import reach
from beside.web.pages import share_links as share_links_page
from beside.web.pages.share_links import Made


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, post_id: UUID) -> HttpResponse:
    """A letter's links, and a new one for one person."""
    post = own(request.account, post_id)
    form = LinkForm(request.POST or None, post=post)
    if not form.is_valid():
        return _list(request, post, form)
    if too_many := ratelimit.consume_or_429(request, action="make_link"):
        return too_many
    now = timezone.now()
    try:
        made = share_links.make(post, form.wanted(), by=request.account, at=now)
    except (PostNotPublished, NoteNeeded) as refusal:
        form.add_error(None, str(refusal))
        return _list(request, post, form)
    return _list(
        request, post, LinkForm(post=post), made=share_links_page.hand_over([made], at=now)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: Request, post_id: UUID) -> HttpResponse:
    """Tell my people: one letter, many names, each their own link."""
    post = own(request.account, post_id)
    form = TellForm(request.POST or None, post=post)
    if not form.is_valid():
        return _telling(request, post, form)
    if too_many := ratelimit.consume_or_429(request, action="tell_people"):
        return too_many
    now = timezone.now()
    try:
        made = share_links.make_for_each(post, form.wanted(), by=request.account, at=now)
    except (PostNotPublished, NoteNeeded) as refusal:
        form.add_error(None, str(refusal))
        return _telling(request, post, form)
    told = {"post": post, "made": share_links_page.hand_over(made, at=now)}
    return render(request, "share_links/told.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, link_id: UUID) -> HttpResponse:
    """One link: what it opens and until when, an author's yes or no, and its maker's acts."""
    link = share_links.own(link_id, by=request.account)
    if request.method != "POST":
        return _page(request, link)
    try:
        return _act(request, link)
    except ShareLinkEnded as refusal:
        return _page(request, link, needs=str(refusal))


def _act(request: Request, link: ShareLink) -> HttpResponse:
    do, now, me = request.POST.get("do"), timezone.now(), request.account
    if do == "anew":
        return _made_anew(request, link)
    if do == "yes":
        if share_links.approve(link, by=me, at=now):
            share_links_page.hand_over([(link, share_links.secret_for_mail(link, at=now))], at=now)
        messages.info(request, _("You’ve agreed to it."))
    elif do in ("allow", "refuse"):
        share_link_devices.answer(link, _device_in(request), allow=do == "allow", by=me, at=now)
        messages.info(request, _("That’s done. Nobody is told."))
    elif do == "end":
        share_links.end(link, by=me, at=now)
        messages.info(request, _("The link has ended. It opens nothing any more, anywhere."))
    return redirect("share_link", link.pk)


def _made_anew(request: Request, link: ShareLink) -> HttpResponse:
    if too_many := ratelimit.consume_or_429(request, action="make_link"):
        return too_many
    now = timezone.now()
    secret = share_links.renew(link, by=request.account, at=now)
    return _page(request, link, made=share_links_page.hand_over([(link, secret)], at=now))


def _device_in(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("device", ""))
    except ValueError:
        raise NothingToSee from None


def _list(
    request: Request, post: Post, form: LinkForm, *, made: list[Made] | None = None
) -> HttpResponse:
    context = {
        "post": post,
        "form": form,
        "made": made,
        "is_shown": post.state == Post.State.PUBLISHED,
        "others": reach.others_in_words(post, request.account),
        "links": share_links_page.lines(post, request.account, at=timezone.now()),
    }
    return render(request, "share_links/index.html", context)


def _telling(request: Request, post: Post, form: TellForm) -> HttpResponse:
    others = reach.others_in_words(post, request.account)
    return render(request, "share_links/tell.html", {"post": post, "form": form, "others": others})


def _page(
    request: Request, link: ShareLink, *, made: list[Made] | None = None, needs: str = ""
) -> HttpResponse:
    link = share_links.own(link.pk, by=request.account)
    line = share_links_page.line(link, request.account, at=timezone.now())
    context = {
        "post": link.post,
        "line": line,
        "made": made,
        "needs": needs,
        "devices": share_link_devices.waiting(link) if line.is_mine else (),
    }
    return render(request, "share_links/show.html", context)
