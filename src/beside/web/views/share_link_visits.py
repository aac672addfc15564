"""Where a link for one person leads. Its secret comes in the body of a form, and stands in no address."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.people import guesses, sessions
from beside.people.models import Account
from beside.posts import share_link_devices, share_links
from beside.posts.authorship import name_of, written_by
from beside.posts.models import ShareLink
from beside.posts.share_link_devices import ShareLinkNotOpen
from beside.web.forms.share_links import PastedForm
from beside.web.http.context import VISITS
from beside.web.http.rate_limits import counted
from beside.web.http.request import Request

# What this browser has asked for: the digests of links, never their secrets.
ASKED = "asked_for_links"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def for_you(request: Request) -> HttpResponse:
    """The same page for everybody who comes, or looks; a tap opens the link.

    A browser that waits for an answer is told that it does, and goes on by itself once there is a yes.
    """
    if request.method == "POST":
        return _open(request)
    now = timezone.now()
    for link in _asked(request, at=now):
        if share_link_devices.is_allowed(link, request.viewer.session):
            _ask_no_more(request, link)
            return redirect("letter", link.post_id)
        return _waiting(request, link)
    return _page(request, "open", PastedForm())


def _open(request: Request) -> HttpResponse:
    """A wrong secret, one made anew, a link that ended, waits or grew old: the answer is the same."""
    form, now = PastedForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, "open", form)
    try:
        digest = share_links.digest_of(form.cleaned_data["secret"])
        with counted(request, guesses.SHARE_LINK):
            link = share_link_devices.find(digest, at=now)
        if _is_an_author(request, link) or _is_open(request, link, at=now):
            return redirect("letter", link.post_id)
    except ShareLinkNotOpen as refusal:
        return _page(request, "stopped", PastedForm(), says=str(refusal))
    return redirect("share_link_visit")


def _is_an_author(request: Request, link: ShareLink) -> bool:
    """An author who tries the link out would be its first browser, and keep the person out."""
    me = request.user
    return isinstance(me, Account) and written_by(me).filter(pk=link.post_id).exists()


def _is_open(request: Request, link: ShareLink, *, at: datetime) -> bool:
    if link in _asked(request, at=at) and not share_link_devices.is_allowed(
        link, request.viewer.session
    ):
        return False
    session = _in_a_visit(request, until=link.ends_at)
    device = sessions.kind_of_device(request.headers.get("User-Agent", ""))
    if share_link_devices.open_in(session, link, device=device, at=at):
        return True
    digest = bytes(link.secret_digest).hex()
    request.session[ASKED] = [digest, *request.session.get(ASKED, [])][:5]
    return False


def _in_a_visit(request: Request, *, until: datetime) -> str:
    """The session that the link is opened in. A visitor's lasts until the last of their links ends."""
    session = request.session
    if session.session_key is None or not session.exists(session.session_key):
        session.create()
    if not isinstance(request.user, Account):
        last = session.get_expiry_date() if VISITS in session else until
        session[VISITS] = True
        session.set_expiry(max(last, until))
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


def _waiting(request: Request, link: ShareLink) -> HttpResponse:
    return _page(request, "waiting", PastedForm(), name=link.name, maker=name_of(link.maker))


def _page(request: Request, which: str, pasted: PastedForm, **told: str) -> HttpResponse:
    """In large letters, like the letter that it leads to."""
    context = {"pasted": pasted, "large": True, **told}
    return render(request, f"share_link_visits/{which}.html", context)
