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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

from beside.posts.signing import in_brackets, signer_of

# What word processors and phones put before the items of a list. Signs that people also type only count
# before a tab: they begin speech with a dash, and sentences with an "o".
_BULLETS = {
    *("- ", "-\t", "• ", "•\t", "•\u00a0", "\uf0b7\t", "\uf0b7 ", "\uf0a7\t", "\uf0a7 "),
    *("–\t", "·\t", "o\t", "§\t", "▪\t", "◦\t", "‣\t"),
}
# Lines are escaped before they are read: a million short ones one by one would take too long.
_QUOTE = "&gt;"
# The first characters of the escaped lines that may be blank or have a sign at their beginning.
_NOT_JUST_WORDS = {
    *("&", "#", *(bullet[0] for bullet in _BULLETS)),
    *(sign for sign in map(chr, range(0x3001)) if sign.isspace()),
}
_TAGS = {1: "em", 2: "strong"}
# A line that may be a signature or the place of a photograph.
_IN_BRACKETS = re.compile(r"^([ \t]*\[[^\n]{8,}\][ \t]*)$", re.MULTILINE)

# The kinds of lines. A lone ">" parts two paragraphs in a quotation, and is words elsewhere.
_PARAGRAPH, _QUOTATION, _ITEM, _HEADING = "paragraph", "quotation", "item", "heading"
_BLANK, _LONE_QUOTE = "blank", "lone quote"
# What the lines before leave behind: a block of one of these kinds, or one of these.
_NOTHING, _PARTED = "nothing", "parted quotation"
# The same after blank lines. They don't end a list.
_AFTER_BLANK = {
    _NOTHING: _NOTHING,
    _PARAGRAPH: "paragraph, blank",
    _QUOTATION: "quotation, blank",
    _PARTED: "quotation, blank",
    _HEADING: "heading, blank",
    _ITEM: _ITEM,
} | {f"{kind}, blank": f"{kind}, blank" for kind in (_PARAGRAPH, _QUOTATION, _HEADING)}
_BEGIN = {
    _PARAGRAPH: '<p dir="auto">',
    _QUOTATION: '<blockquote>\n<p dir="auto">',
    _ITEM: '<ul dir="auto">\n<li>',
    _HEADING: '<h3 dir="auto">',  # The page's own headings are above a letter's.
    _NOTHING: "",
}
_END = {
    _PARAGRAPH: "</p>\n",
    _QUOTATION: "</p>\n</blockquote>\n",
    _PARTED: "</p>\n</blockquote>\n",
    _ITEM: "</li>\n</ul>\n",
    _HEADING: "</h3>\n",
    _NOTHING: "",
}
_WITHIN = {
    (_PARAGRAPH, _PARAGRAPH): "<br>",
    (_QUOTATION, _QUOTATION): "<br>",
    (_PARTED, _QUOTATION): _END[_PARAGRAPH] + _BEGIN[_PARAGRAPH],
    (_ITEM, _ITEM): "</li>\n<li>",
    (_HEADING, _HEADING): _END[_HEADING] + _BEGIN[_HEADING],
}
# What is between two lines, by what the first leaves behind and by the kind of the second.
_BETWEEN = {
    before: {
        kind: _WITHIN.get((before, kind), _END[before.partition(",")[0]] + begin)
        for kind, begin in _BEGIN.items()
    }
    for before in {*_END, *_AFTER_BLANK}
}


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
    left, names = set(numbers), {name.casefold(): SignatureLine(name) for name in signers}
    special: dict[str, PhotographLine | SignatureLine | None] = {}
    found: list[Part] = []
    passage: list[str] = []
    for place, text in enumerate(_IN_BRACKETS.split(_escaped(words))):
        is_in_brackets = place % 2 == 1
        if is_in_brackets and text not in special:
            special[text] = _photograph_line(text) or _signature_line(text, names)
        part = special[text] if is_in_brackets else None
        if part is None:
            passage.append(text)
            continue
        _end_passage(found, passage)
        if isinstance(part, SignatureLine):
            found.append(part)
        elif part.number in left:
            left.discard(part.number)
            found.append(part)
    _end_passage(found, passage)
    return tuple(found)


def html(words: str) -> str:
    """A passage as HTML: paragraphs, line breaks, italics, bold, quotations, lists and headings."""
    return _html(_escaped(words).split("\n"))


def opening(words: str) -> str:
    """The first paragraph as it was typed, for an author's own lists. Not for a page's title."""
    paragraph: list[str] = []
    for line in _lines(words):
        if line.strip() and not is_special(line):
            paragraph.append(line)
        elif paragraph:
            break
    return "\n".join(paragraph).strip()


def _lines(words: str) -> list[str]:
    return words.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _end_passage(found: list[Part], passage: list[str]) -> None:
    if rendered := _html("".join(passage).split("\n")):
        found.append(Passage(rendered))
    passage.clear()


def _escaped(words: str) -> str:
    return escape(words.replace("\r\n", "\n").replace("\r", "\n"), quote=False)


def is_special(line: str) -> bool:
    """Whether a line is the place of a photograph or may be a signature, and so isn't words."""
    return "[" in line and (_photograph_line(line) is not None or bool(signer_of(line)))


def _photograph_line(line: str) -> PhotographLine | None:
    number = in_brackets(line, "photograph")
    return PhotographLine(int(number)) if len(number) <= 6 and number.isdecimal() else None


def _signature_line(line: str, names: Mapping[str, SignatureLine]) -> SignatureLine | None:
    return names.get(signer_of(unescape(line)).casefold()) if names else None


def _html(lines: Sequence[str]) -> str:
    """`lines` are escaped."""
    rendered = "".join(_pieces(lines))
    return _emphasised(rendered) if "*" in rendered else rendered


def _pieces(lines: Sequence[str]) -> list[str]:
    """The lines without their signs, and what is between them. Made for a million lines."""
    pieces: list[str] = []
    before, add = _NOTHING, pieces.append
    for line in lines:
        if not line:
            before = _AFTER_BLANK[before]
            continue
        kind, text = _PARAGRAPH, line
        first = line[0]
        if first in _NOT_JUST_WORDS and (first != "&" or line.startswith(_QUOTE)):
            kind, text = _read(line)
            if kind == _BLANK:
                before = _AFTER_BLANK[before]
                continue
            if kind == _LONE_QUOTE:
                if before in (_QUOTATION, _PARTED):
                    before = _PARTED
                    continue
                kind = _PARAGRAPH
        add(_BETWEEN[before][kind])
        add(text)
        before = kind
    add(_BETWEEN[before][_NOTHING])
    return pieces


def _read(line: str) -> tuple[str, str]:
    """The kind of a line, and its text without the sign."""
    if line.startswith(_QUOTE):
        text = line[len(_QUOTE) :]
        if not text or text.isspace():
            return _LONE_QUOTE, line
        return (_QUOTATION, text[1:]) if text[0] == " " else (_PARAGRAPH, line)
    if line.startswith("# "):
        return (_PARAGRAPH, line) if line[1:].isspace() else (_HEADING, line[2:])
    start = line.lstrip()
    if start[:2] in _BULLETS and (text := start[1:].lstrip()):
        return _ITEM, text
    return (_PARAGRAPH if start else _BLANK), line


def _emphasised(html: str) -> str:
    """The blocks with italics and bold.

    More than two stars, and stars with blanks on both sides, are just stars. No stars open in one text and
    close in another: every block ends with a line break. "<" and ">" are those of tags here, as what was
    typed is escaped.
    """
    texts = html.split("*")
    pieces = ["*"] * (2 * len(texts) - 1)
    pieces[::2] = texts
    opened = [0, 0, 0]
    last, stars = "", 0
    for place, text in enumerate(texts):
        if not text:
            stars += 1
            continue
        if 0 < stars < 3:
            first = text[0]
            if opened[stars] and not (last.isspace() or last == ">" or first.isalnum()):
                _emphasise(pieces, opened, stars, place)
            elif not (first.isspace() or first == "<" or last.isalnum()):
                opened[stars] = place
        if "\n" in text:
            opened = [0, 0, 0]
        last, stars = text[-1], 1
    return "".join(pieces)


def _emphasise(pieces: list[str], opened: list[int], stars: int, end: int) -> None:
    """Close what these stars opened. Stars that opened something inside it, and didn't close it, stay stars."""
    begin, tag = opened[stars], _TAGS[stars]
    pieces[2 * begin - 1] = pieces[2 * end - 1] = ""
    pieces[2 * (begin - stars) + 1] = f"<{tag}>"
    pieces[2 * (end - stars) + 1] = f"</{tag}>"
    opened[stars] = 0
    if opened[3 - stars] > begin:
        opened[3 - stars] = 0
