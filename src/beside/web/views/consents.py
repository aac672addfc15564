"""Before you look, looking, and folding away. Nothing opens or folds but by a POST."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from beside.access import consents
from beside.access.policy import NothingToSee, SeenPost, Sight, Viewer
from beside.people import accounts, budgets, sessions
from beside.posts.authorship import own
from beside.web.http.rate_limits import count_visit
from beside.web.http.request import Request, posted_id
from beside.web.pages import content_preferences
from beside.web.pages.consents import consent_page, one_at_a_time_page


@login_not_required
@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """What is in the photographs, in the author's own words, and three choices of equal weight."""
    at = timezone.now()
    post = _see_photographs(request, post_id, at=at)
    page = consent_page(post, request.viewer, at=at)
    if page is None:
        return _to_photographs(post_id)
    return render(request, "consents/show.html", {"page": page})


@login_not_required
@require_POST
def look(request: Request, post_id: UUID) -> HttpResponse:
    """Open all photographs of the letter, or one of them."""
    at = timezone.now()
    _see_photographs(request, post_id, at=at)
    one = _photo_in(request)
    consents.give(
        _in_a_visit(request, post_id),
        post_id,
        photo_ids=None if one is None else [one],
        remember="remember" in request.POST,
        at=at,
    )
    if one is not None:
        return _back_to_the_one(post_id)
    return _to_preview(request, post_id) or _to_photographs(post_id)


@login_not_required
@require_POST
def fold(request: Request, post_id: UUID) -> HttpResponse:
    """Fold one photograph away, or all. A letter that isn't there counts as folded."""
    one = _photo_in(request)
    if one is None:
        consents.fold_post(request.viewer, post_id)
        return redirect("letter", post_id)
    consents.fold_photo(request.viewer, one)
    return _back_to_the_one(post_id)


@require_POST
def open_own(request: Request, post_id: UUID) -> HttpResponse:
    """Say whether the photographs of one's own letters open unasked, in every letter of one's own."""
    own(request.account, post_id)
    unasked = request.POST.get("open") == "unasked"
    accounts.open_own_photographs(request.account, unasked=unasked)
    if not unasked:
        consents.fold_post(request.viewer, post_id)
    return redirect("letter", post_id)


@login_not_required
@require_safe
def one_at_a_time(request: Request, post_id: UUID) -> HttpResponse:
    """Each photograph with its description, to be opened or passed by."""
    at = timezone.now()
    post = _see_photographs(request, post_id, at=at)
    page = one_at_a_time_page(post, request.viewer, at=at)
    if post.sight > Sight.VEIL:
        return _to_photographs(post_id)
    consents.extend(request.viewer, post_id, at=at)
    return render(request, "consents/one_at_a_time.html", {"page": page})


def _see_photographs(request: Request, post_id: UUID, *, at: datetime) -> SeenPost:
    """The post; raises `NothingToSee` for a viewer who may see only the words."""
    post = content_preferences.find_post(request, post_id, at=at)
    if post.sight < Sight.VEIL:
        raise NothingToSee
    return post


def _in_a_visit(request: Request, post_id: UUID) -> Viewer:
    """A visitor without a session gets one, which ends when they close their browser, or hours later."""
    if request.viewer.session is None:
        count_visit(request, budgets.VISITS_OF_LETTER, post_id)
        sessions.begin_visit(request.session)
    return Viewer(request.viewer.account, request.session.session_key)


def _photo_in(request: Request) -> UUID | None:
    return posted_id(request, "photo") if "photo" in request.POST else None


def _to_photographs(post_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('letter', args=[post_id])}#photographs")


def _to_preview(request: Request, post_id: UUID) -> HttpResponse | None:
    """Back to the letter as a reader sees it, if its author opened their photographs there."""
    wanted = request.POST.get("next", "")
    previews = [reverse(name, args=[post_id]) for name in ("preview", "approval_preview")]
    if not wanted.startswith(tuple(f"{path}?" for path in previews)) and wanted not in previews:
        return None
    return HttpResponseRedirect(f"{wanted}#photographs")


def _back_to_the_one(post_id: UUID) -> HttpResponse:
    """The fragment of the form's address survives the redirect, so browsers scroll to that photograph."""
    return redirect("one_at_a_time", post_id)
