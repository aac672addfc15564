from __future__ import annotations

import uuid
from datetime import date

from django.urls import reverse_lazy

from beside.family import reminders, timeline_entries
from beside.family.models import Reminder, TimelineEntry
from beside.family.reminder_words import Days
from beside.family.reminders import Asked
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from tests.cast import NOW
from tests.web.browser import as_

END = reverse_lazy("end_pregnancy")


def remind(by, typed, *, each_year=False) -> Reminder:
    days = Days(date(2140, 3, 1), date(2140, 3, 7), each_year)
    return reminders.make(uuid.uuid4(), Asked(typed, days), by=by, at=NOW)


def test_the_page_says_what_ends_and_one_press_ends_it(cast):
    text = EntryText("", "Due in May", is_expected=True)
    timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)
    remind(cast.rose, "the first week of March")
    kept = remind(cast.rose, "each March", each_year=True)

    said = as_(cast.rose).get(END).content.decode()
    assert "Due in May" in said
    assert "the first week of March" in said
    assert TimelineEntry.objects.get().put_away_at is None

    answer = as_(cast.rose).post(END, follow=True)

    assert "Nothing here looks ahead to it any more" in answer.content.decode()
    assert TimelineEntry.objects.get().put_away_at is not None
    assert list(reminders.alive(cast.rose)) == [kept]
    assert "Due in May" not in as_(cast.rose).get(END).content.decode()


def test_what_comes_each_year_ends_too_where_it_is_ticked(cast):
    kept = remind(cast.rose, "each March", each_year=True)

    as_(cast.rose).post(END, {"also": [str(kept.pk)]})

    assert not reminders.alive(cast.rose).exists()


def test_it_can_be_pressed_where_nothing_looks_ahead(cast):
    assert as_(cast.rose).post(END).status_code == 302
