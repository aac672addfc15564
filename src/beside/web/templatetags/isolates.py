"""The filters for what somebody typed: into a sentence of ours, and spoken in its own language. `settings.TEMPLATES` gives it to every template."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from beside.people.names import isolated

register = template.Library()


@register.filter(is_safe=True)
def isolate(line: object) -> str:
    """The line as `names.isolated` has it, also for attributes, where `<bdi>` can't be."""
    return isolated(str(line))


@register.filter
def spoken(code: str | None) -> SafeString:
    """The attribute with which a screen reader speaks what is in this language; empty where that isn't known."""
    return format_html(' lang="{}"', code) if code else SafeString("")


@register.filter
def quoted(words: object) -> str:
    """What somebody wrote, in the quotation marks of the reader's language."""
    return _("“%(words)s”") % {"words": words}
