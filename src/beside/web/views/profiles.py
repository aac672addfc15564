"""A person's page, and what they say of themselves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access import feeds, portraits
from beside.access.feeds import Cursor
from beside.access.policy import Viewer, with_openness
from beside.people import accounts, circles, follows
from beside.people.models import Account
from beside.web.forms.profiles import ProfileForm
from beside.web.http.request import Request
from beside.web.pages import feed
from beside.web.pages.letter import title_of
from beside.web.pages.people import person_for, portrait_of, print_of


@login_not_required
@require_safe
def show(request: Request, account_id: UUID) -> HttpResponse:
    """One person's page, for those who may know that this person is here; for others a 404."""
    person = person_for(request.viewer, account_id)
    before = request.GET.get("before")
    at = timezone.now()
    place = Cursor.read(before) if before else None
    page = feeds.by_person(request.viewer, person.pk, at=at, before=place)
    closed = feed.questions(page.asks)
    told = {
        "person": person,
        "portrait": portrait_of(person.pk, request.viewer, at=at),
        "posts": [(post, title_of(post), closed.get(post.pk)) for post in page.posts],
        "further": page.next_cursor,
        **_between(request, person),
    }
    return render(request, "profiles/show.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """Change what others may read of oneself, and one's own time zone."""
    profile = request.account.profile
    kept = {
        "name": profile.name,
        "words": profile.words,
        "findable": profile.findable,
        "time_zone": request.account.time_zone,
    }
    form = ProfileForm(request.POST or None, initial=kept)
    if not form.is_valid():
        return render(request, "profiles/edit.html", {"form": form})
    accounts.describe(request.account, **form.cleaned_data)
    messages.info(request, _("Kept."))
    return redirect("profile", request.account.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def portrait(request: Request) -> HttpResponse:
    """Choose the photograph at the top of one's own page, or remove it."""
    if request.method != "POST":
        return render(request, "profiles/portrait.html", _choices(request.account, request.viewer))
    chosen = request.POST.get("photo", "")
    if chosen:
        portraits.choose(request.account, _uuid(chosen))
    else:
        portraits.clear(request.account)
    return redirect("profile", request.account.pk)


def _between(request: Request, person: Account) -> dict[str, object]:
    """How the viewer and this person are connected, as far as the viewer may know."""
    if not isinstance(request.user, Account):
        return {}
    me = request.account
    return {
        "is_me": person.pk == me.pk,
        "following": follows.seen_by_follower(me, person.pk),
        "asks": follows.is_asked_by(me, person.pk),
        "circles": circles.of(me),
    }


def _choices(account: Account, viewer: Viewer) -> dict[str, object]:
    at = timezone.now()
    photos = with_openness(portraits.choices(account), viewer, at=at)
    newest = photos.prefetch_related("renditions")[: portraits.NEWEST]
    prints = [(photo.pk, print_of(photo, viewer, at=at)) for photo in newest if photo.is_open]
    return {"prints": prints, "portrait": portrait_of(account.pk, viewer, at=at)}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
