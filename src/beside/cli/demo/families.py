"""The timeline of the made-up family, in the place's language: dates as they know them, and Emil among the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from beside.family import families, family_members, reminder_words, reminders, timeline_entries
from beside.family.date_words import read
from beside.family.families import Seen
from beside.family.models import FamilyAudience
from beside.family.reminders import Asked
from beside.family.timeline_entries import EntryText
from beside.people.models import Account
from beside.posts.models import Post


class _Entry(NamedTuple):
    """What Anna typed; `about` is the name of a child, and `is_march` says that the letter belongs to it.

    `is_born` gives it the larger mark.
    """

    when: str
    heading: str
    words: str = ""
    about: str = ""
    is_born: bool = False
    is_march: bool = False


# They are listed in this order.
_A_MOMENT = timedelta(seconds=1)
_NOT_NAMED = _("A child they didn’t get to name")
_MEMBERS = ("Liv", _NOT_NAMED, "Emil", "Noa")
_ENTRIES = (
    _Entry(_("summer 2014"), _("Anna and Jonas meet, on a ferry that was late.")),
    _Entry(_("September 2017"), _("They marry.")),
    _Entry(_("21 November 2019"), _("Liv is born"), about="Liv", is_born=True),
    _Entry(_("early in 2022"), _("A child they didn’t get to name. Nine weeks."), about=_NOT_NAMED),
    _Entry(
        _("14 March 2024, at 31 weeks"),
        _("Emil is born"),
        _("At Lindholm. He died the day before. He’s with them for nineteen hours."),
        about="Emil",
        is_born=True,
        is_march=True,
    ),
    _Entry(_("October 2024"), _("They plant his tree, a pear.")),
    _Entry(_("2 July 2025"), _("Noa is born"), about="Noa", is_born=True),
    _Entry(_("autumn 2025"), _("The tree has its first two pears.")),
)
_REMINDER = _("the first week of March each year")


def appear(people: Mapping[str, Account], march: Post, *, at: datetime) -> None:
    """Anna keeps the family for everyone who may open her page; Jonas is named in it, and has said yes."""
    anna, jonas = people["anna"], people["jonas"]
    family_members.add(anna, uuid4(), "Anna", at=at)
    asked = family_members.add(anna, uuid4(), "Jonas", at=at + _A_MOMENT, account=jonas)
    family_members.agree(asked.pk, by=jonas, at=at)
    members = {
        name: family_members.add(anna, uuid4(), name, at=at + number * _A_MOMENT).pk
        for number, name in enumerate(_MEMBERS, start=2)
    }
    for entry in _ENTRIES:
        # The age, the words and the date are read as if she had typed them into the form.
        (meaning,) = read(entry.when, language=settings.LANGUAGE_CODE, today=at.date())
        text = EntryText(
            entry.when,
            entry.heading,
            entry.words,
            is_marked=entry.is_born,
            members=frozenset({members[entry.about]} if entry.about else ()),
            post=march.pk if entry.is_march else None,
        )
        timeline_entries.keep(uuid4(), text, meaning, by=anna, at=at)
    families.choose(anna, Seen(FamilyAudience.ANYONE), at=at)
    (days,) = reminder_words.read(_REMINDER, language=settings.LANGUAGE_CODE, today=at.date())
    reminders.make(uuid4(), Asked(_REMINDER, days), by=anna, at=at)
