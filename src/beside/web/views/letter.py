"""One letter, as far as whoever asks may meet it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beside.access import claims, consents
from beside.posts import share_link_devices
from beside.web.http.request import Request
from beside.web.pages import coauthors, content_preferences
from beside.web.pages import letter as letter_page


@login_not_required
@require_safe
def show(request: Request, post_id: UUID) -> HttpResponse:
    """The words; the photographs if they are open to this viewer; else the fold, or nothing."""
    at = timezone.now()
    post = content_preferences.meet(request, post_id, at=at)
    letter = letter_page.letter(post, request.viewer, at=at)
    if letter.can_fold:
        consents.extend(request.viewer, post_id, at=at)
    question = coauthors.question(post, request.account, at=at) if letter.is_mine else None
    claimed = letter.is_mine and claims.of(post_id, by=request.account).exists()
    by_link = (
        None
        if letter.is_mine
        else share_link_devices.by_link(request.viewer.session, post_id, at=at)
    )
    context = {
        "letter": letter,
        "post": post,
        "question": question,
        "claimed": claimed,
        "by_link": by_link,
        # Whoever comes by a link may not open the pages of those who wrote it.
        "unlinked": by_link is not None,
    }
    return render(request, "letter/show.html", context)
