"""The filters that put people's names into sentences. `settings.TEMPLATES` gives them to every template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from beside.people import formats
from beside.web.addresses import address_of

register = template.Library()


class Named(Protocol):
    """Somebody with a page of their own."""

    id: UUID
    name: str


@register.filter
def linked(people: Sequence[Named] | None) -> SafeString:
    """Their names in a row, each a link to their page; nothing where there is nobody to name."""
    link = '<a href="{}" dir="auto">{}</a>'
    return _in_a_row(
        [format_html(link, address_of("profile", one.id), one.name) for one in people or ()]
    )


@register.filter
def named(people: Sequence[Named]) -> SafeString:
    """Their names in a row, for a reader who may not open their pages."""
    return _in_a_row([one.name for one in people])


def _in_a_row(names: Sequence[str]) -> SafeString:
    return format_html(formats.listed(["{}"] * len(names)), *names) if names else SafeString()
