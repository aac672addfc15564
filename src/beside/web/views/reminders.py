"""Reminders: asking for one, putting it off, ending it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.family import reminders
from beside.family.reminders import NoSuchReminder, PutOff, TooManyReminders
from beside.people import time_zones
from beside.web.forms.reminders import PutOffForm, ReminderForm
from beside.web.http.request import Request
from beside.web.pages.reminders import ReminderPage, line_of, reminders_page


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """All of them, and asking for another."""
    at, me = timezone.now(), request.account
    data = request.POST if request.method == "POST" else None
    form, needs = ReminderForm(data, today=time_zones.day_of(me, at)), ""
    if form.is_valid():
        try:
            reminders.make(form.reminder_id(), form.asked(), by=me, at=at)
            return redirect("reminders")
        except NoSuchReminder:
            raise NothingToSee from None
        except TooManyReminders as refusal:
            needs = str(refusal)
    page = reminders_page(me, form, needs=needs)
    return render(request, "reminders/index.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, reminder_id: UUID) -> HttpResponse:
    """One reminder: put it off, or end it."""
    try:
        reminder = reminders.get(reminder_id, by=request.account)
        if request.POST.get("do") == "end":
            reminders.end(reminder.pk, by=request.account, at=timezone.now())
            messages.info(request, _("It has ended. We won’t write to you about it again."))
            return redirect("reminders")
        form = PutOffForm(request.POST or None)
        if form.is_valid():
            how_long = PutOff(form.cleaned_data["how_long"])
            reminders.put_off(reminder.pk, how_long, by=request.account, at=timezone.now())
            return redirect("reminder", reminder.pk)
    except NoSuchReminder:
        raise NothingToSee from None
    page = ReminderPage(line_of(reminder), form)
    return render(request, "reminders/show.html", {"page": page})
