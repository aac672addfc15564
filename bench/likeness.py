"""How often two texts count as nearly the same: one written from the other, and two that weren't.

    python -m bench.likeness

The texts are made of this project's handbook, which is all by one hand and about one thing, and each begins with
a stock sentence that others have too. A part of its words is then replaced, left out, put in, or swapped with the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

from bench.reporting import Table
from beside.responses.likeness import NEARLY, digests_in, nearness, sketch

WHO = ["you", "people like you", "a mother like you", "somebody who does this", "women like you"]
WHAT = [
    "shows a dead child",
    "puts this here",
    "writes about it for months",
    "keeps these photographs",
]
SHOULD = ["should be ashamed", "ought to be stopped", "need help", "should never have had children"]
WHY = [
    "nobody asked to see it",
    "there are children here",
    "it was God's will",
    "it is only for attention",
]
THEN = [
    "take it down",
    "get over it",
    "stop crying",
    "think of the others",
    "try again and be quiet",
]
FIRST = ["honestly", "I have read all of it", "I lost mine too", "as a nurse I can say", "listen"]
FRAMES = [
    "{FIRST}, {WHO} {SHOULD}.",
    "{WHO} who {WHAT} {SHOULD}, because {WHY}.",
    "{WHY}, and {WHO} {WHAT} all the same.",
    "Why don't you {THEN}?",
    "{FIRST}: {THEN}, or I will say it to everybody who knows you.",
    "I don't understand how anybody {WHAT}.",
    "My own sister had it worse, and she never {WHAT}.",
    "{WHO} will see that {WHY}.",
]
FILLERS = ["really", "so", "always", "here", "it", "that", "and", "then", "never", "just"]
DOCS = Path(__file__).parents[1] / "docs"
LENGTHS = (2, 5, 20)
EDITED = (0.05, 0.1, 0.2, 0.3)


def texts_of(random: Random, sentences: int, *, most: int) -> list[str]:
    """Texts of so many sentences each, of which none is in two texts, and a stock one that many of them share."""
    every = _sentences()
    starts = list(range(0, len(every) - sentences, sentences))
    random.shuffle(starts)
    return [
        " ".join([_stock(random), *every[start : start + sentences - 1]]) for start in starts[:most]
    ]


def edited(random: Random, text: str, share: float) -> str:
    """The text with this share of its words changed, and at least one."""
    words = text.split()
    for _ in range(max(1, round(share * len(words)))):
        place = random.randrange(len(words))
        random.choice(_EDITS)(random, words, place)
    return " ".join(words)


def shares_alike(
    sentences: int, *, most: int = 600, seed: str = "likeness"
) -> tuple[dict[float, float], float]:
    """Of texts with so many sentences: the share found again after each share of edits, and that of others found alike."""
    random = Random(f"{seed}/{sentences}")
    texts = texts_of(random, sentences, most=most)
    again = {
        share: sum(is_near(one, edited(random, one, share)) for one in texts) / len(texts)
        for share in EDITED
    }
    sketches = [digests_in(sketch(text)) for text in texts]
    pairs = list(combinations(sketches, 2))
    return again, sum(nearness(*pair) >= NEARLY for pair in pairs) / len(pairs)


def is_near(one: str, other: str) -> bool:
    """Whether two texts count as nearly the same."""
    return nearness(digests_in(sketch(one)), digests_in(sketch(other))) >= NEARLY


def main() -> None:
    """Print a line for each length."""
    edits = [f"found after {share:.0%} edits" for share in EDITED]
    table = Table("likeness", ["length", *edits, "others found alike"])
    for sentences in LENGTHS:
        again, others = shares_alike(sentences)
        row = [
            f"{sentences} sentences",
            *(f"{again[share]:.1%}" for share in EDITED),
            f"{others:.3%}",
        ]
        print(*row, sep=" | ")
        table.add(*row)
    table.finish()


@cache
def _sentences() -> tuple[str, ...]:
    found = []
    for name in ("using", "access", "hosting", "decisions"):
        text = (DOCS / f"{name}.md").read_text("utf-8")
        prose = [one for one in text.split("\n\n") if not one.startswith(("#", "|", "    ", "-"))]
        for paragraph in prose:
            found += re.split(r"(?<=[.?!])\s+", " ".join(paragraph.split()))
    return tuple(one for one in found if len(one.split()) > 4)


def _stock(random: Random) -> str:
    filled = {name: random.choice(globals()[name]) for name in ("WHO", "WHAT", "SHOULD")}
    filled |= {name: random.choice(globals()[name]) for name in ("WHY", "THEN", "FIRST")}
    return random.choice(FRAMES).format(**filled)


def _replace(random: Random, words: list[str], place: int) -> None:
    words[place] = random.choice(FILLERS)


def _leave_out(random: Random, words: list[str], place: int) -> None:
    if len(words) > 2:
        del words[place]


def _put_in(random: Random, words: list[str], place: int) -> None:
    words.insert(place, random.choice(FILLERS))


def _swap(random: Random, words: list[str], place: int) -> None:
    other = min(place + 1, len(words) - 1)
    words[place], words[other] = words[other], words[place]


_EDITS: list[Callable[[Random, list[str], int], None]] = [_replace, _leave_out, _put_in, _swap]

if __name__ == "__main__":
    from bench.worlds import place_for_tests

    place_for_tests()
    main()
