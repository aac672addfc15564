"""Before and after "this has ended"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beside.family.endings import Ending
from beside.web.forms.endings import EndingForm
from beside.web.pages.families import Year, year_of
from beside.web.pages.reminders import Line, line_of


@dataclass(frozen=True)
class EndingPage:
    """What would be put away and ended, and the form that asks about the rest."""

    years: Sequence[Year]
    reminders: Sequence[Line]
    form: EndingForm


def ending_page(ending: Ending, form: EndingForm) -> EndingPage:
    """The page before it."""
    return EndingPage(
        [year_of(entry) for entry in ending.entries],
        [line_of(one) for one in ending.reminders],
        form,
    )
