"""The one place where HTML that people wrote becomes part of a page, and only after it was cleaned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe

from beside.posts import letters

TAGS = {"p", "em", "strong", "blockquote", "ul", "ol", "li", "h3", "h4", "br", "hr", "a"}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel="nofollow noreferrer noopener",
    strip_comments=True,
    clean_content_tags={"script", "style"},
)


@dataclass(frozen=True, slots=True)
class Block:
    """A passage of a letter (`html`), or the place of the photograph with this `number`."""

    html: SafeString | None = None
    number: int | None = None


def clean(html: str) -> SafeString:
    """The HTML with nothing left in it but the tags that a letter has."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308 -- nh3 has cleaned it


def letter(words: str, numbers: Collection[int] = ()) -> list[Block]:
    """A letter for a page: clean passages, and the places of the photographs with these numbers."""
    return [
        Block(number=block.number)
        if isinstance(block, letters.Here)
        else Block(html=clean(block.html))
        for block in letters.blocks(words, numbers)
    ]
