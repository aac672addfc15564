"""Cleans HTML that people wrote. The only module that may mark a string as safe for a page."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from threading import Lock

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
# Shorter letters are rendered in a few milliseconds.
_LONG = 20_000
# In bytes. One letter of a million characters takes up to 30 MB as HTML.
_MOST_REMEMBERED = 48 * 1024 * 1024
_Key = tuple[bytes, frozenset[int], frozenset[tuple[str, str]]]
_HEADING, _TAG, _FEWEST_HEADINGS = '<h3 dir="auto">', re.compile("<[^>]*>"), 3
# A "<" that does not begin a tag of a letter, written as `posts.markup` writes it.
_FOREIGN = re.compile(
    rf"<(?!/?(?:{'|'.join(sorted(TAGS))})>|(?:{'|'.join(sorted(DIRECTED))}) dir=\"auto\">)"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A passage of a letter (`html`), or the position of the photograph with this `number`."""

    html: SafeString | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a letter. Its `anchor` says only its place: addresses stay in a browser's history."""

    anchor: str
    text: str


class _Remembered:
    """The letters that were shown last, found by the digest of their words, so that the words aren't kept too.

    Together they take at most `most` bytes; a letter that takes more is not kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._letters: OrderedDict[_Key, Sequence[Block]] = OrderedDict()
        self._sizes: dict[_Key, int] = {}

    def find(self, key: _Key) -> Sequence[Block] | None:
        with self._lock:
            if key in self._letters:
                self._letters.move_to_end(key)
            return self._letters.get(key)

    def keep(self, key: _Key, blocks: Sequence[Block]) -> None:
        size = sum(sys.getsizeof(block.html) for block in blocks)
        if size > self._most:
            return
        with self._lock:
            self._letters[key], self._sizes[key] = blocks, size
            while sum(self._sizes.values()) > self._most:
                oldest, _ = self._letters.popitem(last=False)
                del self._sizes[oldest]


_remembered = _Remembered(_MOST_REMEMBERED)


def clean(html: str) -> SafeString:
    """The HTML with nothing left in it but the tags that a letter has, and the attribute `dir="auto"`.

    HTML that has nothing else already, such as all that `posts.markup` makes, is returned as it is:
    nh3 takes seconds for a text of many entities. Anything else is cleaned by nh3.
    """
    is_clean = not _FOREIGN.search(html) and html.count("<") == html.count(">")
    return mark_safe(html if is_clean else _CLEANER.clean(html))  # noqa: S308 -- only the tags of a letter


def letter(
    words: str, numbers: Collection[int] = (), signers: Mapping[str, str] | None = None
) -> list[Block]:
    """A letter as blocks: clean passages with their signatures, and the positions of photographs in `numbers`.

    `signers` maps each name in a signature to the name to show (`posts.signing.names_in`).
    """
    names = signers or {}
    if len(words) < _LONG:
        return _rendered(words, numbers, names)
    digest = hashlib.blake2b(words.encode("utf-8", "surrogatepass")).digest()
    key = (digest, frozenset(numbers), frozenset(names.items()))
    blocks = _remembered.find(key)
    if blocks is None:
        blocks = _rendered(words, numbers, names)
        _remembered.keep(key, blocks)
    return list(blocks)


def with_anchors(passages: Sequence[SafeString]) -> tuple[list[SafeString], list[Heading]]:
    """The passages of a letter with an anchor at each heading, and the headings. Fewer than three are left as they are."""
    if sum(html.count(_HEADING) for html in passages) < _FEWEST_HEADINGS:
        return list(passages), []
    headings: list[Heading] = []
    anchored = []
    for html in passages:
        first, *rest = html.split(_HEADING)
        pieces = [first]
        for text in rest:
            anchor = f"part-{len(headings) + 1}"
            inside = _TAG.sub("", text.partition("</h3>")[0])
            headings.append(Heading(anchor, unescape(inside).strip()))
            pieces.append(f'<h3 dir="auto" id="{anchor}">{text}')
        anchored.append(mark_safe("".join(pieces)))  # noqa: S308 -- the same tags, with our own ids
    return anchored, headings


def _rendered(words: str, numbers: Collection[int], names: Mapping[str, str]) -> list[Block]:
    signatures = {name: _signature(shown) for name, shown in names.items()}
    blocks = []
    for number, some in groupby(markup.parts(words, numbers, names), key=_number):
        if number is None:
            blocks.append(Block(html=_joined(some, signatures)))
        else:
            blocks.append(Block(number=number))
    return blocks


def _number(part: markup.Part) -> int | None:
    return part.number if isinstance(part, markup.PhotographLine) else None


def _joined(parts: Iterable[markup.Part], signatures: Mapping[str, SafeString]) -> SafeString:
    html = [
        signatures[part.name] if isinstance(part, markup.SignatureLine) else clean(part.html)
        for part in parts
        if not isinstance(part, markup.PhotographLine)
    ]
    return mark_safe("".join(html))  # noqa: S308 -- each of them is safe


def _signature(name: str) -> SafeString:
    return format_html('<p class="by" dir="auto">— {}</p>', isolated(name))
