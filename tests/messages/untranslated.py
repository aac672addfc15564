"""What a page in the longer language says in English: it was never translated, or is glued to what was."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from messages.pseudo import BEGINS, ENDS

SPOKEN = ("alt", "aria-label", "title", "placeholder", "label")
EMPTY = {"input", "img", "br", "hr", "meta", "link", "source"}
SILENT = {"script", "style", "time", "code", "bdi", "textarea"}
# What is the same in every language: our name, days (the CLDR speaks no made-up language), addresses, signs of units.
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
SAME = re.compile(
    rf"\bBeside\b|\b(?:{MONTHS}|{DAYS}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Oct|Nov|Dec|UTC)\b"
    # The words of `tests.web.place`, and between two names what the CLDR has.
    r"|\bzq\w+|(?<=\u2069) (?:and|or) (?=\u2068)|^ ?and ?$"
    r"|\S*@\S+|https?://\S+|\b[kMG]?B\b|\bbytes?\b"
)
WORD = re.compile(r"[^\W\d_]{2,}")
LATIN = re.compile(r"[A-Za-z]")


class Untranslated(HTMLParser):
    """Collects every text outside brackets that has a word in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in SPOKEN:
            self._look(_outside(given.get(name, ""), 0)[0], f"<{tag} {name}>")
        if tag == "input" and given.get("type") in ("submit", "button"):
            self._look(_outside(given.get("value", ""), 0)[0], f"<{tag} value>")
        if tag not in EMPTY:
            # A name in its own language is spoken so: those that can be chosen.
            own = "lang" in given and tag != "html"
            self._open.append((tag, own or tag in SILENT or given.get("name") == "time_zone"))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                break
        if tag in ("p", "li", "h1", "h2", "h3", "title", "label", "legend", "summary", "button"):
            self._depth = 0

    def handle_data(self, data: str) -> None:
        text, self._depth = _outside(data, self._depth)
        if not any(is_silent for _tag, is_silent in self._open):
            self._look(text, f"<{self._open[-1][0] if self._open else ''}>")

    def _look(self, text: str, where: str) -> None:
        rest = SAME.sub("", text)
        if any(LATIN.search(word) for word in WORD.findall(rest)):
            self.found.add(f"{where} {text.strip()[:100]}")


def untranslated(html: str) -> set[str]:
    """Each text of the page that is in English, with the element it is in."""
    page = Untranslated()
    page.feed(html)
    return page.found


def _outside(text: str, depth: int) -> tuple[str, int]:
    """What of the text is in no brackets, and how many are open at its end."""
    out = []
    for sign in text:
        if sign == BEGINS:
            depth += 1
        elif sign == ENDS:
            depth = max(0, depth - 1)
        elif not depth:
            out.append(sign)
    return "".join(out), depth
