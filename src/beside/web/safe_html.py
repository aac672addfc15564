"""Cleans HTML that people wrote. The only module that may mark a string as safe for a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from beside.people.names import isolated
from beside.posts import markup

TAGS = {"p", "em", "strong", "blockquote", "ul", "li", "h3", "br"}
# Those that may say that their direction is that of their own text; no other attribute is let through.
DIRECTED = {"p", "ul", "h3"}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={},
    tag_attribute_values={tag: {"dir": {"auto"}} for tag in DIRECTED},
    url_schemes=set(),
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
    clean_content_tags={"script", "style"},
)
_OUR_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS))})>|<(?:{'|'.join(sorted(DIRECTED))}) dir=\"auto\">"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A passage of a letter (`html`), or the position of the photograph with this `number`."""

    html: SafeString | None = None
    number: int | None = None


def clean(html: str) -> SafeString:
    """The HTML with nothing left in it but the tags that a letter has, and the attribute `dir="auto"`.

    HTML that has nothing else already, such as all that `posts.markup` makes, is returned as it is:
    nh3 takes seconds for a text of many entities. Anything else is cleaned by nh3.
    """
    rest = _OUR_TAG.sub("", html)
    is_clean = "<" not in rest and ">" not in rest
    return mark_safe(html if is_clean else _CLEANER.clean(html))  # noqa: S308 -- only the tags of a letter


def letter(
    words: str, numbers: Collection[int] = (), signers: Mapping[str, str] | None = None
) -> list[Block]:
    """A letter as blocks: clean passages, signatures, and the positions of photographs in `numbers`.

    `signers` maps each name in a signature to the name to show (`posts.signing.names_in`).
    """
    names = signers or {}
    return [_block(one, names) for one in markup.parts(words, numbers, names)]


def _block(one: markup.Part, names: Mapping[str, str]) -> Block:
    if isinstance(one, markup.PhotographLine):
        return Block(number=one.number)
    if isinstance(one, markup.SignatureLine):
        return Block(
            html=format_html('<p class="by" dir="auto">— {}</p>', isolated(names[one.name]))
        )
    return Block(html=clean(one.html))
