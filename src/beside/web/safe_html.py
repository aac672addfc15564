"""Cleans HTML that people wrote. The only module that may mark a string as safe for a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from beside.posts import markup

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
    """A passage of a letter (`html`), or the position of the photograph with this `number`."""

    html: SafeString | None = None
    number: int | None = None


def clean(html: str) -> SafeString:
    """`html` with nothing left but the tags in `TAGS`."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308 -- nh3 has cleaned it


def letter(
    words: str, numbers: Collection[int] = (), signers: Mapping[str, str] | None = None
) -> list[Block]:
    """A letter as blocks: clean passages, signatures, and the positions of photographs in `numbers`.

    `signers` maps each name in a signature to the name to show (`posts.signing.names_in`).
    """
    names = signers or {}
    return [_block(one, names) for one in markup.blocks(words, numbers, names)]


def _block(one: markup.Passage | markup.Here | markup.Signed, names: Mapping[str, str]) -> Block:
    if isinstance(one, markup.Here):
        return Block(number=one.number)
    if isinstance(one, markup.Signed):
        return Block(html=format_html('<p class="by">— {}</p>', names[one.name]))
    return Block(html=clean(one.html))
