"""What a reader would rather not see: by subject, for today, and for one letter."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from beside.access import content_preferences
from beside.web.forms.content_preferences import PreferencesForm
from beside.web.http.request import Request
from beside.web.pages import content_preferences as content_preferences_page


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """Each subject that letters can be about, and whether to show it, ask first, or leave it out."""
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm(data, chosen=content_preferences.choices_of(request.account))
    if form.is_valid():
        content_preferences.choose(request.account, form.choices())
        content_preferences_page.end_visit(request.session)
        messages.info(request, _("Saved. Nobody else is told."))
        return redirect("content_preferences")
    page = content_preferences_page.preferences_page(request.viewer, form, at=timezone.now())
    return render(request, "content_preferences/edit.html", {"page": page})


@require_POST
def not_today(request: Request) -> HttpResponse:
    """Show nothing until tomorrow, or undo that."""
    if request.POST.get("do") == "end":
        content_preferences.end_not_today(request.account)
    else:
        content_preferences.not_today(request.account, at=timezone.now())
        content_preferences_page.end_visit(request.session)
    return redirect("home")


@login_not_required
@require_POST
def show_anyway(request: Request, post_id: UUID) -> HttpResponse:
    """Show a letter about which its reader was asked first. It opens for this visit."""
    content_preferences_page.show_anyway(request, post_id, at=timezone.now())
    return redirect("letter", post_id)
