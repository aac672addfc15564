"""Those of the made-up people who want to be found, and what they say there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.models import Account

ENTRIES = {
    "anna": Said(
        words=_("Our son Emil died at 31 weeks. You can write to us about anything but advice."),
        what=WhatHappened.BEFORE_BIRTH,
        when=AboutWhen.FROM_24_WEEKS,
        languages=("en", "sv"),
    ),
    "katrin": Said(
        words=_("Tove lived for four days. I’m slow to answer."),
        what=WhatHappened.AFTER_BIRTH,
        when=AboutWhen.AFTER_BIRTH,
        languages=("en", "de"),
    ),
    "samira": Said(words=_("I read more than I write."), languages=("en",)),
}


def be_found(people: Mapping[str, Account], *, at: datetime) -> None:
    """One of them a day said so, the last of them at `at`."""
    for days, (name, said) in enumerate(ENTRIES.items(), 1 - len(ENTRIES)):
        directory_entries.save(people[name], said, at=at + timedelta(days=days))
