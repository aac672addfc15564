"""People's pages, and what an account says about itself on its own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access import portraits
from beside.access.feeds import Cursor
from beside.people import accounts
from beside.web.forms.profiles import ProfileForm
from beside.web.http.request import Request, signed_in_as
from beside.web.pages.people import person_for
from beside.web.pages.profiles import EditProfilePage, portrait_page, profile_page


@login_not_required
@require_safe
def show(request: Request, account_id: UUID) -> HttpResponse:
    """One person's page, for those who may know that they're here; for others there is nothing."""
    person, before = person_for(request.viewer, account_id), request.GET.get("before")
    cursor = Cursor.read(before) if before else None
    page = profile_page(
        person, signed_in_as(request), request.viewer, before=cursor, at=timezone.now()
    )
    return render(request, "profiles/show.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """What others can read about this account, and its time zone."""
    profile = request.account.profile
    kept = {
        "name": profile.name,
        "words": profile.words,
        "time_zone": request.account.time_zone,
    }
    form = ProfileForm(request.POST or None, initial=kept)
    if not form.is_valid():
        return render(request, "profiles/edit.html", {"page": EditProfilePage(form)})
    accounts.describe(request.account, **form.cleaned_data)
    messages.info(request, _("Saved."))
    return redirect("profile", request.account.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def portrait(request: Request) -> HttpResponse:
    """Choose the photograph at the top of one's own page, or remove it."""
    me = request.account
    if request.method != "POST":
        page = portrait_page(me, request.viewer, at=timezone.now())
        return render(request, "profiles/portrait.html", {"page": page})
    if chosen := request.POST.get("photo", ""):
        portraits.choose(me, _uuid(chosen))
    else:
        portraits.clear(me)
    return redirect("profile", me.pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
