"""A letter's words on their way to a page: a small Markdown, with photographs among its passages.

A photograph stands where a line of its own says `[photograph 2]`, by the number that it was
given in this letter (`PlacedPhoto.number`), and a writer's name where one says `[signed Anna]`
(`posts.signing`). What comes out is HTML that nobody has cleaned:
only `web.safe_html` may put it on a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from beside.posts.signing import SIGNATURE

# Where a letter is longer than any that was ever posted here, reading must still be quick: a megabyte of
# Markdown takes seconds to parse, as plain paragraphs a few hundredths of one.
LONGEST_MARKDOWN = 100_000
LONGEST_PASSAGE = 10_000

_PLACE = r"\[photograph[ \t]+(?P<number>\d{1,6})\]"
_LINE = re.compile(rf"^[ \t]*(?:{_PLACE}|{SIGNATURE})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some of a letter, as HTML that is not clean yet."""

    html: str


@dataclass(frozen=True, slots=True)
class Here:
    """The photograph with this number lies here."""

    number: int


@dataclass(frozen=True, slots=True)
class Signed:
    """Whoever signs by this name has signed what stands above."""

    name: str


def blocks(
    words: str, numbers: Collection[int] = (), signers: Collection[str] = ()
) -> list[Passage | Here | Signed]:
    """The letter, as passages, places of photographs and signatures, in order.

    `numbers` are those of the photographs that lie in the post. Each is placed once, at
    its first line; a line for one that isn't there says nothing. A signature of somebody
    who isn't among `signers` is words like others.
    """
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    render = html if len(words) <= LONGEST_MARKDOWN else plain_html
    found: list[Passage | Here | Signed] = []
    left, names, end = set(numbers), {name.casefold(): name for name in signers}, 0
    for line in _LINE.finditer(words):
        name = names.get((line["signer"] or "").casefold())
        if line["signer"] and name is None:
            continue
        _add_passage(found, words[end : line.start()], render)
        end = line.end()
        if name is not None:
            found.append(Signed(name))
        elif int(line["number"]) in left:
            left.discard(int(line["number"]))
            found.append(Here(int(line["number"])))
    _add_passage(found, words[end:], render)
    return found


def html(words: str) -> str:
    """The passage as HTML: paragraphs, emphasis, quotes, lists, headings, line breaks, links."""
    if any(len(passage) > LONGEST_PASSAGE for passage in _BLANK.split(words)):
        return plain_html(words)
    return str(_renderer().render(words))


def plain_html(words: str) -> str:
    """The passage as paragraphs and line breaks only, every sign standing for itself."""
    paragraphs = (part.strip("\n") for part in _BLANK.split(words) if part.strip())
    return "".join(f"<p>{_escaped(part)}</p>\n" for part in paragraphs)


def opening(words: str) -> str:
    """The first passage as it was typed, for an author's own lists. Not for a page's title."""
    return next((part.strip() for part in _BLANK.split(_LINE.sub("", words)) if part.strip()), "")


def _add_passage(
    found: list[Passage | Here | Signed], part: str, render: Callable[[str], str]
) -> None:
    if part.strip():
        found.append(Passage(render(part)))


def _escaped(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, entity)
    return text.replace("\n", "<br>\n")


def _renderer() -> MarkdownIt:
    """Only what a letter needs is on; pictures, HTML and code are never read as such."""
    markdown = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False})
    markdown.enable(
        ["emphasis", "blockquote", "list", "heading", "hr", "newline", "escape", "link"]
    )
    markdown.core.ruler.push("quiet_headings", lambda state: _quieten(state.tokens))
    return markdown


def _quieten(tokens: Sequence[Token]) -> None:
    """The page's own headings stand above a letter's: one sign makes an h3, more an h4."""
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3" if token.tag in ("h1", "h2") else "h4"
