"""A letter's words as HTML: a few signs, with photographs and signatures among the passages.

The help beside the editor names every sign, and each works exactly as it says there:

- an empty line begins a new paragraph, and a single line break stays a line break;
- `*one star*` on each side makes italics, `**two**` bold;
- a line that begins with `> ` is a quotation, with `- ` or a pasted bullet a list item, with `# ` a heading;
- a line `[photograph 2]` is the place of the photograph with that `PlacedPhoto.number`;
- a line `[signed Anna]` is a signature (`posts.signing`).

Any other character is shown as it was typed. That is why this is no Markdown: Markdown renumbers "14. March"
and takes the star from "* 14.03.2019". Every step reads its text once, so that the time grows with the length.
Each paragraph, list and heading has the direction of its own first letter, so that Hebrew between English reads
from the right. The HTML that comes out has not been cleaned: only `web.safe_html` may put it on a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from itertools import groupby

from beside.posts.signing import in_brackets, signer_of

# Rendering shorter words takes less than a few milliseconds: only longer ones are worth memory.
LONG = 20_000
_REMEMBERED = 16

# What word processors and phones put before the items of a list. Signs that people also type only count
# before a tab: they begin speech with a dash, and sentences with an "o".
_BULLETS = (
    *("- ", "-\t", "• ", "•\t", "•\u00a0", "\uf0b7\t", "\uf0b7 ", "\uf0a7\t", "\uf0a7 "),
    *("–\t", "·\t", "o\t", "§\t", "▪\t", "◦\t", "‣\t"),
)
# A whole letter is escaped first, as a million short lines one by one would take too long.
_QUOTE = "&gt;"
# The first characters of the escaped lines that may have a sign at their beginning.
_SIGNS = {_QUOTE[0], "#", *(bullet[0] for bullet in _BULLETS)}
_LONE_SIGNS = _SIGNS - {_QUOTE[0]} | {_QUOTE}
# Shorter lines are neither a signature nor the place of a photograph.
_SHORTEST_IN_BRACKETS = len("[signed A]")
# One or two stars that may begin or end something: more, or with blanks on both sides, are just stars.
_STARS = re.compile(r"(?<!\*)(\*{1,2}(?![\s*])|(?<!\s)\*{1,2}(?!\*))")
# While blocks are rendered: the beginning and the end of each text, and a new line between two tags. No text
# has a carriage return, nor more than two edges beside each other.
_EDGE, _NEW_LINE = "\r", "\r\r\r"
_TAGS = {1: "em", 2: "strong"}
_PARAGRAPH, _QUOTATION, _ITEM, _HEADING = "paragraph", "quotation", "item", "heading"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some of a letter, as HTML that has not been cleaned."""

    html: str


@dataclass(frozen=True, slots=True)
class PhotographLine:
    """The place of the photograph with this `PlacedPhoto.number`."""

    number: int


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """The signature of the author who signs by this name."""

    name: str


Part = Passage | PhotographLine | SignatureLine


def parts(
    words: str, numbers: Collection[int] = (), signers: Collection[str] = ()
) -> tuple[Part, ...]:
    """The letter as passages, places of photographs and signatures, in order.

    `numbers` are those of the photographs in the post. Each is placed once, at its first line; a line
    for any other number is left out. A signature by a name that is not in `signers` is ordinary words.
    """
    split = _remembered_parts if len(words) > LONG else _parts
    return split(words, frozenset(numbers), tuple(signers))


def html(words: str) -> str:
    """A passage as HTML: paragraphs, line breaks, italics, bold, quotations, lists and headings."""
    return _html(_lines(_escaped(words)))


def opening(words: str) -> str:
    """The first paragraph as it was typed, for an author's own lists. Not for a page's title."""
    paragraph: list[str] = []
    for line in _lines(words):
        if line.strip() and not _is_special(line):
            paragraph.append(line)
        elif paragraph:
            break
    return "\n".join(paragraph).strip()


def _lines(words: str) -> list[str]:
    return words.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _parts(words: str, numbers: frozenset[int], signers: tuple[str, ...]) -> tuple[Part, ...]:
    left, names = set(numbers), {name.casefold(): name for name in signers}
    found: list[Part] = []
    passage: list[str] = []
    for line in _lines(_escaped(words)):
        if "[" not in line or len(line) < _SHORTEST_IN_BRACKETS:
            passage.append(line)
            continue
        number = _photograph_number(line)
        name = names.get(signer_of(unescape(line)).casefold()) if names else None
        if number is None and name is None:
            passage.append(line)
            continue
        _end_passage(found, passage)
        if name is not None:
            found.append(SignatureLine(name))
        elif number in left:
            left.discard(number)
            found.append(PhotographLine(number))
    _end_passage(found, passage)
    return tuple(found)


_remembered_parts = lru_cache(maxsize=_REMEMBERED)(_parts)


def _end_passage(found: list[Part], passage: list[str]) -> None:
    if rendered := _html(passage):
        found.append(Passage(rendered))
    passage.clear()


def _escaped(words: str) -> str:
    return escape(words, quote=False)


def _is_special(line: str) -> bool:
    return _photograph_number(line) is not None or bool(signer_of(line))


def _photograph_number(line: str) -> int | None:
    number = in_brackets(line, "photograph")
    return int(number) if len(number) <= 6 and number.isdecimal() else None


def _html(lines: Sequence[str]) -> str:
    """`lines` are escaped. Stars are read once for all blocks: one by one, a million short ones would take seconds."""
    if not lines:
        return ""
    rendered = "".join([_RENDER[kind](inside) for kind, inside in _blocks(lines)])
    if "*" in rendered:
        rendered = _emphasised(rendered)
    return rendered.replace("\n", "<br>").replace(_NEW_LINE, "\n").replace(_EDGE, "")


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The kind of each block, and its lines without their signs. Blank lines don't separate list items."""
    block, is_after_gap = "", False
    inside: list[str] = []
    for line in lines:
        start = line.lstrip()
        if not start:
            is_after_gap = True
            continue
        kind, text = _PARAGRAPH, line
        if (first := start[0]) in _SIGNS and (first != "&" or start.startswith(_QUOTE)):
            kind, text = _read(line, start)
        if kind == _QUOTATION and not text and (block != kind or is_after_gap):
            kind, text = _PARAGRAPH, line
        if kind != block or (is_after_gap and kind != _ITEM):
            if inside:
                yield block, inside
            block, inside = kind, []
        is_after_gap = False
        inside.append(text)
    if inside:
        yield block, inside


def _read(line: str, start: str) -> tuple[str, str]:
    """The kind of a line and its text. `start` is the line without blanks before it."""
    if start.rstrip() in _LONE_SIGNS:
        # Inside a quotation it parts two paragraphs.
        return (_QUOTATION, "") if line.rstrip() == _QUOTE else (_PARAGRAPH, line)
    if line.startswith("&gt; "):
        return _QUOTATION, line[len("&gt; ") :]
    if line.startswith("# "):
        return _HEADING, line[2:]
    if start.startswith(_BULLETS):
        return _ITEM, start[1:].lstrip()
    return _PARAGRAPH, line


def _emphasised(html: str) -> str:
    """The blocks with italics and bold. No stars open in one text and close in another."""
    pieces = _STARS.split(html)
    opened: dict[int, int] = {}
    for place in range(1, len(pieces), 2):
        length = len(pieces[place])
        before, after = pieces[place - 1][-1:] or " ", pieces[place + 1][:1] or " "
        closes = length in opened and not before.isspace() and not after.isalnum()
        if closes and _are_in_one_text(pieces, opened[length], place):
            _emphasise(pieces, opened, place)
        elif not after.isspace() and not before.isalnum():
            opened.pop(length, None)
            opened[length] = place
        elif closes:
            del opened[length]
    return "".join(pieces)


def _are_in_one_text(pieces: list[str], begin: int, end: int) -> bool:
    """Whether no text ends between two pieces. Asked once for each opening, so all of it is read once in all."""
    return _EDGE not in (
        pieces[begin + 1] if end - begin == 2 else "".join(pieces[begin + 1 : end : 2])
    )


def _emphasise(pieces: list[str], opened: dict[int, int], end: int) -> None:
    """Close what these stars opened. Stars that opened something inside it, and didn't close it, stay stars."""
    length = len(pieces[end])
    begin = opened.pop(length)
    pieces[begin], pieces[end] = f"<{_TAGS[length]}>", f"</{_TAGS[length]}>"
    for other in [other for other, place in opened.items() if place > begin]:
        del opened[other]


def _paragraph(lines: Sequence[str]) -> str:
    return f'<p dir="auto">{_EDGE}{_joined(lines)}{_EDGE}</p>{_NEW_LINE}'


def _quotation(lines: Sequence[str]) -> str:
    paragraphs = [list(some) for has_words, some in groupby(lines, key=bool) if has_words]
    return f"<blockquote>{_NEW_LINE}{''.join(map(_paragraph, paragraphs))}</blockquote>{_NEW_LINE}"


def _list(lines: Sequence[str]) -> str:
    items = f"{_EDGE}</li>{_NEW_LINE}<li>{_EDGE}".join(lines)
    return f'<ul dir="auto">{_NEW_LINE}<li>{_EDGE}{items}{_EDGE}</li>{_NEW_LINE}</ul>{_NEW_LINE}'


def _heading(lines: Sequence[str]) -> str:
    # The page's own headings are above a letter's.
    between = f'{_EDGE}</h3>{_NEW_LINE}<h3 dir="auto">{_EDGE}'
    return f'<h3 dir="auto">{_EDGE}{between.join(lines)}{_EDGE}</h3>{_NEW_LINE}'


def _joined(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else "\n".join(lines)


_RENDER = {_PARAGRAPH: _paragraph, _QUOTATION: _quotation, _ITEM: _list, _HEADING: _heading}
