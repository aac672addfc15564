"""Claims ("I am in this photograph"): writing one, reading it first, and what a letter's authors can do about it."""

from __future__ import annotations

from uuid import UUID

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
from beside.people.models import Account
from beside.photos import uploads
from beside.photos.models import Photo
from beside.posts import closing, drafting, replacing
from beside.posts.authorship import NotAnAuthor, own
from beside.posts.drafting import LiesElsewhere, PutHereByAnother, ShownByAll
from beside.posts.models import Post
from beside.web.http.multipart import came, takes_photographs
from beside.web.http.rate_limits import count_claim
from beside.web.http.request import Request, posted_id
from beside.web.pages import content_preferences
from beside.web.pages.claims import (
    claim_form,
    claim_page,
    claims_to_read_page,
    letter_claims_page,
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, post_id: UUID) -> HttpResponse:
    """Write to the authors. For someone who can't see the photographs there is nothing here."""
    now, data = timezone.now(), request.POST if request.method == "POST" else None
    post = content_preferences.find_post(request, post_id, at=now)
    form = claim_form(data, post, request.viewer, at=now)
    if not form.is_valid():
        return render(request, "claims/create.html", {"page": claim_page(post, form)})
    count_claim(request)
    claims.send(post, form.cleaned_data["photo"], form.claim_text(), viewer=request.viewer, at=now)
    messages.info(request, _("It’s on its way to them. Nobody else is told."))
    return redirect("letter", post_id)


@require_http_methods(["GET", "HEAD", "POST"])
def index_to_read(request: Request) -> HttpResponse:
    """The claims that this account reads before the authors do."""
    if request.method != "POST":
        page = claims_to_read_page(request.account)
        return render(request, "claims/index_to_read.html", {"page": page})
    try:
        claims.pass_on(posted_id(request, "claim"), by=request.account, at=timezone.now())
    except NoSuchClaim:
        raise NothingToSee from None
    messages.info(request, _("They can read it now."))
    return redirect("claims_to_read")


@takes_photographs
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, post_id: UUID) -> HttpResponse:
    """The open claims about a letter, and everything that an author can do about them at once."""
    post = own(request.account, post_id)
    if request.method != "POST":
        page = letter_claims_page(post, request.account)
        return render(request, "claims/index.html", {"page": page})
    try:
        _act(request, post, claims.get(posted_id(request, "claim"), post_id, by=request.account))
    except NoSuchClaim:
        raise NothingToSee from None
    return redirect("claims", post_id)


def _act(request: Request, post: Post, claim: Claim) -> None:
    do, now, me = request.POST.get("do"), timezone.now(), request.account
    if do == "settle":
        claims.settle(claim, by=me, at=now)
        messages.info(request, _("It’s dealt with. Their name and their words are deleted."))
    elif do == "close":
        closing.close(post, by=me, at=now)
        messages.info(request, _("The letter is closed. Only its authors can see it now."))
    elif do == "take out" and claim.photo:
        drafting.take_out(post, claim.photo, by=me)
        messages.info(request, _("The photograph is out of the letter. It’s in your drawer."))
    elif do == "replace" and claim.photo:
        _replace(request, post, claim)


def _replace(request: Request, post: Post, claim: Claim) -> None:
    """Put the uploaded version in the photograph's place; where that is refused, it stays in the drawer."""
    files = came(request)
    photos = [one.photo for one in files if one.photo]
    uploads.discard(photos[1:], at=timezone.now())
    if not photos or claim.photo is None:
        says = files[0].says if files else _("No photograph came with that. Choose some first.")
    else:
        says = _put_in_place(request.account, post, claim.photo, photos[0])
    messages.info(request, says)


def _put_in_place(author: Account, post: Post, old: Photo, new: Photo) -> str:
    try:
        replacing.replace(post, old, new, by=author)
    except (ShownByAll, LiesElsewhere, PutHereByAnother) as refusal:
        return f"{refusal} {_('What you’ve sent is in your drawer.')}"
    except NotAnAuthor:
        return _("That photograph isn’t in the letter any more.")
    return _("Your version is in its place. In a moment it can be seen.")
