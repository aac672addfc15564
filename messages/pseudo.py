"""Languages that nobody speaks, made from the English sentences, in which tests look at every page.

In "en-xa" each sentence is longer by two fifths, has accents, and is in brackets: text without brackets was never
translated, and text that is cut would be cut in German too. "ar-xb" is the same from right to left.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog

from messages.catalogues import Written, compiled, path_of, sentences

LONGER, FROM_RIGHT_TO_LEFT = "en-xa", "ar-xb"
BEGINS, ENDS = "⟦", "⟧"
_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀçđéƒĝĥîĵķļɱñôþǫŕšţûṽŵẋýžÀƁÇĐÉƑĜĤÎĴĶĻṀÑÔÞǪŔŠŢÛṼŴẊÝŽ",
)
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z]\w*[^>]*>|&\w+;|\||\n)")
_VOWEL = re.compile(r"[àéîôûý]")
_RIGHT_TO_LEFT = "\u05d0"


def make(folder: Path, template: Catalog) -> None:
    """Write both languages' catalogues under `folder`, which `LOCALE_PATHS` then names."""
    for code, mark in ((LONGER, ""), (FROM_RIGHT_TO_LEFT, _RIGHT_TO_LEFT)):
        # Babel knows neither, and both count as English does.
        made = Written(locale="en", fuzzy=False)
        for message in sentences(template):
            forms = message.id if isinstance(message.id, list | tuple) else (message.id,)
            said = tuple(sentence(one, mark) for one in forms)
            made.add(message.id, said if len(said) > 1 else said[0], context=message.context)
        path = path_of(code, folder).with_suffix(".mo")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compiled(made))


def sentence(english: str, mark: str = "") -> str:
    """The sentence in brackets, with accents and longer; what is put into it stays, and so do tags and line breaks."""
    before, text, after = re.fullmatch(r"(\s*)(.*?)(\s*)", english, re.DOTALL).groups()  # type: ignore[union-attr]
    pieces = _KEPT.split(text)
    longer = "".join(_longer(piece) if not n % 2 else piece for n, piece in enumerate(pieces))
    # Where a script chooses between parts of one, each is a sentence of its own.
    inside = longer.replace("|", f"{ENDS}|{mark}{BEGINS}")
    return f"{before}{mark}{BEGINS}{inside}{ENDS}{after}" if text else english


def _longer(piece: str) -> str:
    accented = piece.translate(_ACCENTS)
    wanted, added = round(len(piece) * 0.4), 0

    def doubled(vowel: re.Match[str]) -> str:
        nonlocal added
        more = min(wanted - added, 2)
        added += more
        return vowel[0] * (1 + more)

    return _VOWEL.sub(doubled, accented)
