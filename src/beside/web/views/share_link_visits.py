"""Where a link for one person leads. Its secret comes in the body of a form, and is part of no address."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.people import budgets, guesses, sessions
from beside.people.models import Account
from beside.posts import share_link_devices, share_links
from beside.posts.authorship import written_by
from beside.posts.models import ShareLink
from beside.posts.share_link_devices import ShareLinkNotOpen
from beside.web.forms.pasted_links import PastedForm
from beside.web.http.context import VISITS
from beside.web.http.rate_limits import count_visit, counted
from beside.web.http.request import Request
from beside.web.pages.share_link_visits import OpenPage, WaitingPage, waiting_page

# What this browser has asked for: the digests of links, never their secrets.
ASKED = "asked_for_links"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request) -> HttpResponse:
    """The same page for everyone who comes, and for programs that preview links; a tap opens the link.

    A browser that waits for an answer is told so, and goes on to the letter once there is a yes.
    """
    if request.method == "POST":
        return _open(request)
    now = timezone.now()
    for link in _asked(request, at=now):
        if share_link_devices.is_allowed(link, request.viewer.session):
            _ask_no_more(request, link)
            return redirect("letter", link.post_id)
        return _page(request, "waiting", waiting_page(link))
    return _page(request, "open", OpenPage(PastedForm()))


def _open(request: Request) -> HttpResponse:
    """Open a link. A wrong or replaced secret, and a link that waits or has ended, all get the same answer."""
    form, now = PastedForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, "open", OpenPage(form))
    try:
        digest = share_links.digest_of(form.cleaned_data["secret"])
        with counted(request, guesses.SHARE_LINK):
            link = share_link_devices.find(digest, at=now)
        if _is_an_author(request, link) or _is_open(request, link, at=now):
            return redirect("letter", link.post_id)
    except ShareLinkNotOpen as refusal:
        return _page(request, "stopped", OpenPage(PastedForm(), str(refusal)))
    return redirect("share_link_visit")


def _is_an_author(request: Request, link: ShareLink) -> bool:
    """An author who tried the link would become its first browser, and keep the person out."""
    me = request.user
    return isinstance(me, Account) and written_by(me).filter(pk=link.post_id).exists()


def _is_open(request: Request, link: ShareLink, *, at: datetime) -> bool:
    if link in _asked(request, at=at) and not share_link_devices.is_allowed(
        link, request.viewer.session
    ):
        return False
    session = _in_a_visit(request, link)
    device = sessions.kind_of_device(request.headers.get("User-Agent", ""))
    if share_link_devices.open_in(session, link, device=device, at=at):
        return True
    digest = bytes(link.secret_digest).hex()
    request.session[ASKED] = [digest, *request.session.get(ASKED, [])][:5]
    return False


def _in_a_visit(request: Request, link: ShareLink) -> str:
    """The key of the session that the link is opened in. A visitor's lasts until the last of their links ends."""
    session = request.session
    if session.session_key is None or not session.exists(session.session_key):
        count_visit(request, budgets.VISITS_OF_LINK, link.pk)
        session.create()
    if not isinstance(request.user, Account):
        last = session.get_expiry_date() if VISITS in session else link.ends_at
        session[VISITS] = True
        session.set_expiry(max(last, link.ends_at))
    assert session.session_key is not None
    session.save()
    return session.session_key


def _asked(request: Request, *, at: datetime) -> list[ShareLink]:
    found = []
    for digest in request.session.get(ASKED, []):
        try:
            found.append(share_link_devices.find(bytes.fromhex(digest), at=at))
        except ShareLinkNotOpen:
            continue
    return found


def _ask_no_more(request: Request, link: ShareLink) -> None:
    digest = bytes(link.secret_digest).hex()
    request.session[ASKED] = [one for one in request.session[ASKED] if one != digest]


def _page(request: Request, which: str, page: OpenPage | WaitingPage) -> HttpResponse:
    """In large text, like the letter that it leads to."""
    return render(request, f"share_link_visits/{which}.html", {"page": page, "large": True})
