"""The filters that say days, times and sizes. `settings.TEMPLATES` gives them to every template."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from django import template
from django.utils.html import format_html

from beside.people import formats

register = template.Library()


def _said_by(say: Callable[..., str]) -> Callable[[date | time | None], str]:
    """The filter that says nothing where there is no day."""
    return lambda when: say(when) if when else ""


_SAID: tuple[Callable[..., str], ...] = (
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
)
_FORMS = {say.__name__: _said_by(say) for say in _SAID}
for _name, _filter in _FORMS.items():
    register.filter(_name, _filter, expects_localtime=True)
register.filter("file_size", formats.file_size)


@register.filter(expects_localtime=True)
def timed(when: date | None, form: str) -> str:
    """The day or time as an element that programs read too; `form` is the name of one of the filters above."""
    said = _FORMS[form]
    return (
        format_html('<time datetime="{}">{}</time>', when.isoformat(), said(when)) if when else ""
    )
