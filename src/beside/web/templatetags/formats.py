"""The filters that say days, times and sizes. `settings.TEMPLATES` gives them to every template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from django import template

from beside.people import formats

register = template.Library()


def _said_by(say: Callable[..., str]) -> Callable[[date | time | None], str]:
    """The filter that says nothing where there is no day."""
    return lambda when: say(when) if when else ""


for _say in (
    formats.day,
    formats.day_of_year,
    formats.short_day,
    formats.weekday,
    formats.weekday_of_year,
    formats.month,
    formats.time_of_day,
    formats.moment,
    formats.moment_of_year,
    formats.moment_in_zone,
):
    register.filter(_say.__name__, _said_by(_say), expects_localtime=True)
register.filter("file_size", formats.file_size)
