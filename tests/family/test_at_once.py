from __future__ import annotations

import uuid

import pytest

from beside.access.policy import Viewer
from beside.family import families, family_members, policy, reminders, timeline_entries
from beside.family.families import Seen
from beside.family.models import Family, FamilyAudience, FamilyMember, Reminder, TimelineEntry
from beside.family.reminder_words import Days
from beside.family.reminders import Asked
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from beside.notices.models import Notice
from tests.at_once import at_once
from tests.cast import NOW, make_circle

pytestmark = pytest.mark.django_db(transaction=True)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])


@either_first
def test_an_entry_that_is_put_away_while_it_is_changed_stays_put_away(cast, order):
    text = EntryText("", "Noa is born")
    entry = timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)
    acts = [
        lambda: timeline_entries.keep(entry.pk, text, NOT_UNDERSTOOD, by=cast.rose, at=NOW),
        lambda: timeline_entries.put_away(entry.pk, by=cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert TimelineEntry.objects.get().put_away_at is not None


@either_first
def test_somebody_who_takes_themselves_off_while_an_entry_names_them_is_off_it(cast, order):
    circle = make_circle(cast.rose, of=[cast.nan])
    seen = Seen(FamilyAudience.PEOPLE, circles=frozenset({circle.pk}))
    families.choose(cast.rose, seen, at=NOW)
    member = family_members.add(cast.rose, uuid.uuid4(), "Tom", at=NOW, account=cast.tom)
    text = EntryText("", "Tom came", members=frozenset({member.pk}))
    entry = timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)
    acts = [
        lambda: timeline_entries.keep(entry.pk, text, NOT_UNDERSTOOD, by=cast.rose, at=NOW),
        lambda: family_members.take_off(member.pk, by=cast.tom, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert FamilyMember.objects.get().taken_off_at is not None
    if order == 1:
        found = policy.entries_visible_to(Family.objects.get(), Viewer(cast.nan.pk), at=NOW)
        assert found == []


def test_two_first_presses_begin_one_family(cast):
    text = EntryText("", "Noa is born")
    acts = [
        lambda: timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)
    ] * 2

    both = at_once(*acts)

    assert both.raised() == []
    assert Family.objects.count() == 1
    assert TimelineEntry.objects.count() == 2


@either_first
def test_a_reminder_that_is_ended_while_it_falls_due_tells_nothing(cast, order):
    days = Days(NOW.date(), NOW.date())
    reminder = reminders.make(uuid.uuid4(), Asked("today", days), by=cast.rose, at=NOW)
    acts = [
        lambda: reminders.run_due(NOW),
        lambda: reminders.end(reminder.pk, by=cast.rose, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert Reminder.objects.get().ended_at is not None
    assert not Notice.objects.filter(kind=Notice.Kind.REMINDER).exists()
