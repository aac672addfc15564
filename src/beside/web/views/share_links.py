"""Links for one person: an author's own pages. Each secret is shown once, on the answer to the form itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.people import budgets
from beside.posts import share_link_devices, share_links
from beside.posts.authorship import own
from beside.posts.models import Post, ShareLink
from beside.posts.reach import NoteNeeded
from beside.posts.share_links import PostNotPublished, ShareLinkEnded
from beside.web import mails
from beside.web.forms.share_links import LinkForm, ManyLinksForm
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request, posted_id
from beside.web.pages import share_links as pages
from beside.web.pages.reach import others_in_words
from beside.web.pages.share_links import Made, MadeLinksPage, ManyLinksPage


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, post_id: UUID) -> HttpResponse:
    """A letter's links, and a new one for one person."""
    post, now = own(request.account, post_id), timezone.now()
    form = LinkForm(request.POST or None, post=post)
    if not form.is_valid():
        return _list(request, post, form)
    count_act(budgets.SHARE_LINKS, request.account)
    terms = form.wanted()
    made = _made(form, lambda: [share_links.make(post, terms, by=request.account, at=now)])
    return _list(request, post, LinkForm(post=post) if made else form, made=made)


@require_http_methods(["GET", "HEAD", "POST"])
def create_many(request: Request, post_id: UUID) -> HttpResponse:
    """One letter, many people: each gets a link of their own."""
    post, now = own(request.account, post_id), timezone.now()
    form = ManyLinksForm(request.POST or None, post=post)
    made: list[Made] = []
    if form.is_valid():
        count_act(budgets.SHARE_LINKS_FOR_MANY, request.account)
        terms = form.wanted()
        made = _made(
            form, lambda: share_links.make_for_each(post, terms, by=request.account, at=now)
        )
    if made:
        page: MadeLinksPage | ManyLinksPage = MadeLinksPage(post, made)
        return render(request, "share_links/created_many.html", {"page": page})
    page = ManyLinksPage(post, form, others_in_words(post, request.account))
    return render(request, "share_links/create_many.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, link_id: UUID) -> HttpResponse:
    """One link: what it opens and until when, an author's yes or no, and what its maker can do."""
    link = share_links.own(link_id, by=request.account)
    if request.method != "POST":
        return _page(request, link)
    try:
        return _act(request, link)
    except (ShareLinkEnded, PostNotPublished, NoteNeeded) as refusal:
        return _page(request, link, needs=str(refusal))


def _act(request: Request, link: ShareLink) -> HttpResponse:
    do, now, me = request.POST.get("do"), timezone.now(), request.account
    if do in ("anew", "again"):
        return _new_secret(request, link, is_ended=do == "again")
    if do == "yes":
        if share_links.approve(link, by=me, at=now):
            mails.deliver_links([(link, share_links.secret_for_mail(link, at=now))], at=now)
        messages.info(request, _("You’ve agreed to it."))
    elif do in ("allow", "refuse"):
        _answer_device(request, link, allow=do == "allow")
        messages.info(request, _("That’s done. Nobody is told."))
    elif do == "end":
        share_links.end(link, by=me, at=now)
        messages.info(request, _("The link has ended. It no longer opens anything, anywhere."))
    return redirect("share_link", link.pk)


def _new_secret(request: Request, link: ShareLink, *, is_ended: bool) -> HttpResponse:
    """Give a link a new secret; one that has ended is made again, and asks every author anew."""
    count_act(budgets.SHARE_LINKS, request.account)
    me, now = request.account, timezone.now()
    if is_ended:
        link, secret = share_links.make_again(link, by=me, at=now)
    else:
        secret = share_links.renew(link, by=me, at=now)
    return _page(request, link, made=_hand_over([(link, secret)]))


def _made(
    form: LinkForm | ManyLinksForm, make: Callable[[], list[tuple[ShareLink, str]]]
) -> list[Made]:
    """The links that `make` made and handed over; where it was refused, none, and `form` says why."""
    try:
        return _hand_over(make())
    except (PostNotPublished, NoteNeeded) as refusal:
        form.add_error(None, str(refusal))
        return []


def _hand_over(made: list[tuple[ShareLink, str]]) -> list[Made]:
    return pages.made_links(made, mails.deliver_links(made, at=timezone.now()))


def _answer_device(request: Request, link: ShareLink, *, allow: bool) -> None:
    device = posted_id(request, "device")
    share_link_devices.answer(link, device, allow=allow, by=request.account, at=timezone.now())


def _list(
    request: Request, post: Post, form: LinkForm, *, made: list[Made] | None = None
) -> HttpResponse:
    page = pages.share_links_page(post, request.account, form, made=made or (), at=timezone.now())
    return render(request, "share_links/index.html", {"page": page})


def _page(
    request: Request, link: ShareLink, *, made: list[Made] | None = None, needs: str = ""
) -> HttpResponse:
    page = pages.share_link_page(
        link, request.account, made=made or (), needs=needs, at=timezone.now()
    )
    return render(request, "share_links/show.html", {"page": page})
