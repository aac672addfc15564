"""What reaches a person outside their News, which everyone chooses for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.notices import notice_preferences
from beside.web.forms.notice_preferences import NoticePreferencesForm
from beside.web.http.request import Request
from beside.web.pages.notice_preferences import notice_preferences_page, offered


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """How often each group of notices comes, and the quiet hours."""
    me = request.account
    form = NoticePreferencesForm(
        request.POST if request.method == "POST" else None,
        chosen=offered(me),
        quiet_hours=notice_preferences.quiet_hours_of(me.pk),
    )
    if form.is_valid():
        notice_preferences.choose(me.pk, form.choices())
        notice_preferences.choose_quiet_hours(me.pk, *form.hours())
        messages.info(request, _("Saved. Nobody else is told."))
        return redirect("notice_preferences")
    page = notice_preferences_page(me, form, session=request.session.session_key)
    return render(request, "notice_preferences/edit.html", {"page": page})
