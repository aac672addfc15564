"""The filter that puts what somebody typed into a sentence of ours. `settings.TEMPLATES` gives it to every template."""

from __future__ import annotations

from django import template

from beside.people.names import isolated

register = template.Library()


@register.filter(is_safe=True)
def isolate(line: object) -> str:
    """The line as `names.isolated` has it, also for attributes, where `<bdi>` can't be."""
    return isolated(str(line))
