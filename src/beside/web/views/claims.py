""" "I am in this photograph": saying so, reading it first, and what a letter's authors can do about it."""

from __future__ import annotations

from uuid import UUID, uuid4

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access import claims
from beside.access.claims import NoSuchClaim
from beside.access.models import Claim
from beside.access.policy import NothingToSee
from beside.photos import uploads
from beside.posts import closing, drafting, replacing
from beside.posts.authorship import NotAnAuthor, authors_of, name_of, own
from beside.posts.drafting import LiesElsewhere, PutHereByAnother, ShownByAll
from beside.posts.models import Post
from beside.web.forms.claims import ClaimForm
from beside.web.http.multipart import came, takes_photographs
from beside.web.http.request import Request
from beside.web.pages import claims as claims_page
from beside.web.pages import content_preferences
from beside.web.pages.people import in_a_row


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, post_id: UUID) -> HttpResponse:
    """Write to the authors. Whoever may not see the photographs finds nothing here."""
    now = timezone.now()
    post = content_preferences.meet(request, post_id, at=now)
    photos = [photo.pk for photo in claims.photographs_in(post, request.viewer, at=now)]
    form = ClaimForm(request.POST if request.method == "POST" else None, photos=photos)
    if form.is_valid():
        if too_many := ratelimit.consume_or_429(request, action="claim", key=_who(request)):
            return too_many
        which = form.cleaned_data["photo"]
        claims.send(post, which, form.said(), viewer=request.viewer, at=now)
        messages.info(request, _("It’s on its way to them. Nobody else is told."))
        return redirect("letter", post_id)
    context = {
        "post": post,
        "form": form,
        "authors": in_a_row([name_of(author) for author in authors_of(post)]),
        "is_read_first": claims.screeners_of(post).exists(),
    }
    return render(request, "claims/send.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def to_read(request: Request) -> HttpResponse:
    """What waits for whoever reads first for somebody."""
    if request.method == "POST":
        try:
            claims.pass_on(_claim_named(request), by=request.account, at=timezone.now())
        except NoSuchClaim:
            raise NothingToSee from None
        messages.info(request, _("They can read it now."))
        return redirect("claims_to_read")
    waiting = claims.waiting_for(request.account).select_related("post")
    lines = [
        {"claim": claim, "to": in_a_row([name_of(one) for one in authors_of(claim.post)])}
        for claim in waiting
    ]
    return render(request, "claims/to_read.html", {"lines": lines})


@takes_photographs
@require_http_methods(["GET", "HEAD", "POST"])
def of_letter(request: Request, post_id: UUID) -> HttpResponse:
    """What was written about a letter, and everything that an author can do about it at once."""
    post = own(request.account, post_id)
    if request.method == "POST":
        try:
            _act(request, post, claims.get(_claim_named(request), post_id, by=request.account))
        except NoSuchClaim:
            raise NothingToSee from None
        return redirect("claims", post_id)
    lines = claims_page.lines(post, request.account)
    return render(request, "claims/of_letter.html", {"post": post, "lines": lines})


def _act(request: Request, post: Post, claim: Claim) -> None:
    do, now, me = request.POST.get("do"), timezone.now(), request.account
    if do == "settle":
        claims.settle(claim, by=me, at=now)
        messages.info(request, _("It’s dealt with. Their name and their words are gone from here."))
    elif do == "close":
        closing.close(post, by=me, at=now)
        messages.info(request, _("The letter is closed. Nobody but its authors sees it now."))
    elif do == "take out" and claim.photo:
        drafting.take_out(post, claim.photo, by=me)
        messages.info(request, _("The photograph is out of the letter. It’s in your drawer."))
    elif do == "replace" and claim.photo:
        _replace(request, post, claim)


def _replace(request: Request, post: Post, claim: Claim) -> None:
    """Where it can't be laid, what came stays in the drawer, and the page says why."""
    files = came(request)
    photo = next((one.photo for one in files if one.photo), None)
    more = [one.photo for one in files if one.photo and one.photo != photo]
    uploads.let_go(more, at=timezone.now())
    if photo is None or claim.photo is None:
        why = files[0].says if files else _("No photograph came with that. Choose some first.")
        messages.info(request, why)
        return
    try:
        replacing.replace(post, claim.photo, photo, by=request.account)
    except (ShownByAll, LiesElsewhere, PutHereByAnother) as refusal:
        messages.info(request, f"{refusal} {_('What you’ve sent is in your drawer.')}")
    except NotAnAuthor:
        messages.info(request, _("That photograph lies in the letter no longer."))
    else:
        messages.info(request, _("Your version is in its place. In a moment it can be seen."))


def _claim_named(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("claim", ""))
    except ValueError:
        raise NoSuchClaim from None


def _who(request: Request) -> str:
    """Whose tries are counted together, besides those of one address."""
    return str(request.viewer.account or request.viewer.session or uuid4())
