from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

from beside.family import reminders
from beside.family.models import Reminder
from beside.family.reminder_words import Days
from beside.family.reminders import Asked
from beside.people import time_zones
from tests.cast import NOW
from tests.web.browser import as_

WHEN = "the first week of March 2140"
DAYS = "2140-03-01/2140-03-07"


def ask(browser, **typed):
    return browser.post(reverse("reminders"), {"when": WHEN} | typed)


def due_today(account, *, at=NOW) -> Reminder:
    today = time_zones.day_of(account, at)
    asked = Asked("zqabout", Days(today, today + timedelta(days=6)))
    return reminders.make(uuid.uuid4(), asked, by=account, at=at)


def test_its_days_are_said_back_before_it_is_made(cast):
    said = ask(as_(cast.rose)).content.decode()
    assert "Between 1 March 2140 and 7 March 2140" in said
    assert not Reminder.objects.exists()

    ask(as_(cast.rose), days=DAYS, each_year="on")

    reminder = Reminder.objects.get()
    assert (reminder.first, reminder.last) == (date(2140, 3, 1), date(2140, 3, 7))
    assert reminder.each_year


def test_what_cant_be_read_is_said_kindly_and_makes_none(cast):
    answer = ask(as_(cast.rose), when="when the tree blooms", days=DAYS)

    assert "won’t guess" in answer.content.decode()
    assert "when the tree blooms" in answer.content.decode()
    assert not Reminder.objects.exists()


def test_the_news_says_nothing_of_what_it_is_about(cast):
    due_today(cast.rose)

    reminders.run_due(NOW)

    said = as_(cast.rose).get(reverse("notices")).content.decode()
    assert "You asked us to write to you in these days." in said
    assert "zqabout" not in said
    assert not [one for one in mail.outbox if "zqabout" in one.body]


def test_it_is_put_off_and_ended(cast):
    reminder = due_today(cast.rose, at=timezone.now())
    address = reverse("reminder", args=[reminder.pk])
    assert as_(cast.tom).get(address).status_code == 404

    as_(cast.rose).post(address, {"how_long": "week"})
    first = reminder.first
    reminder.refresh_from_db()
    assert reminder.first == first + timedelta(days=7)

    as_(cast.rose).post(address, {"do": "end"})
    assert as_(cast.rose).get(address).status_code == 404


def test_nobody_has_any_until_they_make_one(cast):
    said = as_(cast.rose).get(reverse("reminders")).content.decode()

    assert "We never remind you of anything by ourselves." in said
