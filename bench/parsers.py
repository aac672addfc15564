"""Whether every parser's time grows in step with its input: `python -m bench.parsers [NAME ...]`.

Each parser reads each kind of text at doubled lengths, up to what its field may hold. The script fails
if a doubling takes more than 2.3 times as long. To add a parser, add a line to `PARSERS`; to add a kind
of text that some parser may find hard, add it to `TEXTS`.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from beside.posts import markup, signing  # noqa: E402 -- the settings come first

MOST_PER_DOUBLING = 2.3
# Lengths that take less are not compared: the clock and the processor's caches decide there.
SHORTEST_SECONDS = 0.02
DOUBLINGS = 4
TRIES = 3
AGAIN = 3


@dataclass(frozen=True)
class Parser:
    """A function that reads a text of at most `longest` characters."""

    read: Callable[[str], object]
    longest: int


PARSERS = {
    "a letter": Parser(
        partial(markup._parts, numbers=frozenset({1}), signers=("Rose",)), 1_000_000
    ),
    "a letter's HTML": Parser(markup.html, 1_000_000),
    "a letter's opening": Parser(markup.opening, 1_000_000),
    "its signatures": Parser(signing._signatures, 1_000_000),
    "a line that may sign": Parser(signing.signer_of, 1_000_000),
}
# Each is repeated until the text is long enough; `{}` in it is a long run of blanks.
TEXTS = [
    *("word ", "a", " ", "\t", "\n", "\r\n", " \n", "\u00a0", "a\u0301\u0323", "\U0001f469\u200d"),
    *("*", "**", "*a", "*a*", "**a", "*a **b* c**", "***a", "a*b ", "* ", "_a", "`"),
    *("> ", "> a\n", ">\n", "> \n", "# ", "# a\n", "- ", "- a\n", "- - ", "•\ta\n", "1. ", "+ a\n"),
    *(
        "[",
        "]",
        "[]",
        "[[",
        "[a](",
        "![",
        "[a]: b\n",
        "\\",
        "&",
        "&amp;",
        "&#x3c;",
        "<",
        "<a ",
        "<!--",
    ),
    *("[signed ", "[signed Rose]\n", "[signed {}\n", "[signed Rose{}]\n", "a\n[signed Rose]\n\n"),
    *("[photograph ", "[photograph 1]\n", "[photograph {}1]\n", "http://a.b/", "a@b.c "),
]
BLANKS = " " * 10_000


def main(names: list[str]) -> int:
    """Measure the parsers with these names, or all; returns the exit status."""
    print(f"{'parser':24}{'text':24}{'characters':>12}{'seconds':>10}{'per doubling':>14}")
    failed = 0
    for name, parser in PARSERS.items():
        if names and name not in names:
            continue
        for text in TEXTS:
            length, seconds, growth = worst(parser, text)
            is_bad = growth > MOST_PER_DOUBLING
            failed += is_bad
            print(
                f"{name:24}{text!r:24}{length:12,}{seconds:10.3f}{growth:14.2f}"
                + ("  too steep" if is_bad else "")
            )
    print(f"{failed} of them grow too steeply." if failed else "All of them grow in step.")
    return 1 if failed else 0


def worst(parser: Parser, text: str) -> tuple[int, float, float]:
    """The longest length that was read, its seconds, and the steepest growth over a doubling."""
    before, seconds, steepest, length = 0.0, 0.0, 0.0, 0
    for length in lengths(parser.longest):
        long = text_of(text, length)
        seconds = seconds_for(parser, long)
        growth = seconds / before if before > SHORTEST_SECONDS else 0.0
        for _ in range(AGAIN):  # In case something else held up the machine.
            if growth > MOST_PER_DOUBLING:
                half = seconds_for(parser, text_of(text, length // 2))
                growth = min(growth, seconds_for(parser, long) / half)
        before, steepest = seconds, max(steepest, growth)
        if steepest > MOST_PER_DOUBLING:
            break
    return length, seconds, steepest


def lengths(longest: int) -> Iterator[int]:
    """Doubled lengths, the last of which is the longest."""
    yield from (longest >> power for power in range(DOUBLINGS, -1, -1))


def text_of(pattern: str, length: int) -> str:
    """A text of this length that repeats the pattern."""
    pattern = pattern.replace("{}", BLANKS)
    return (pattern * (length // len(pattern) + 1))[:length]


def seconds_for(parser: Parser, text: str) -> float:
    """The least processor time of a few tries."""
    tries = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(TRIES):
            began = time.process_time()
            parser.read(text)
            tries.append(time.process_time() - began)
            if tries[0] > 0.2:
                break
    finally:
        gc.enable()
    return min(tries)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
