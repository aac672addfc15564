"""Whether every parser's time grows in step with its input: `python -m bench.parsers [NAME ...]`.

Each parser reads each kind of text at doubled lengths, up to what its field may hold. The script fails
if a doubling takes more than 2.3 times as long. To add a parser, add a line to `PARSERS`; to add a kind
of text that some parser may find hard, add it to `TEXTS`.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.exceptions import TooManyFieldsSent  # noqa: E402 -- the settings come first
from django.http import HttpRequest, QueryDict  # noqa: E402
from django.http.cookie import parse_cookie  # noqa: E402
from django.utils.http import parse_header_parameters  # noqa: E402
from django.utils.translation.trans_real import parse_accept_lang_header  # noqa: E402

from beside.cli.process.supervisor import HEADERS_BYTES  # noqa: E402
from beside.config.logs import SECRET  # noqa: E402
from beside.family import date_words  # noqa: E402
from beside.front.environ import LONGEST_HEADER, address_of, content_length  # noqa: E402
from beside.front.limits import Refused  # noqa: E402
from beside.people import names  # noqa: E402
from beside.photos import file_names  # noqa: E402
from beside.photos.darkroom import boxes, chunks, decoding, exif, jpeg_markers, sniffing, verdicts  # noqa: E402  # noqa: E402
from beside.photos.darkroom.terms import CannotDevelop  # noqa: E402
from beside.posts import markup, signing  # noqa: E402
from beside.responses import queue  # noqa: E402
from beside.responses.likeness import likeness  # noqa: E402
from beside.web import safe_html  # noqa: E402
from beside.web.forms import share_links as form  # noqa: E402
from beside.web.http import ranges, tus  # noqa: E402
from beside.web.pages.responses import paragraphs  # noqa: E402

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
    texts: tuple[str, ...] = ()
    """What is repeated, where it isn't `TEXTS`."""
    begins: str = ""


class _Scope:
    """What the front knows of a request with these headers."""

    client = "127.0.0.1:1"

    def __init__(self, **headers: str) -> None:
        self.headers: Any = {name.replace("_", "-"): value for name, value in headers.items()}


def _request(name: str, text: str) -> HttpRequest:
    request = HttpRequest()
    request.method = "GET"
    request.META[name] = text
    return request


def _tus_metadata(text: str) -> object:
    try:
        return tus.metadata(_request("HTTP_UPLOAD_METADATA", text))
    except tus.NotTus:
        return None


def _length(text: str) -> object:
    try:
        return content_length(_Scope(content_length=text).headers)
    except Refused:
        return None


def _people(text: str) -> object:
    lines = [line.strip() for line in text.splitlines()]
    return [form._why_unread(line) or form._read(line) for line in lines if line]


def _query(text: str) -> object:
    try:
        return QueryDict(text)
    except TooManyFieldsSent:
        return None


def _personal(text: str) -> object:
    try:
        names.require_personal(text)
    except names.UnfitName:
        return None
    return names.clean(text)


def _sniffed(data: bytes) -> object:
    try:
        return sniffing.sniff(data)
    except CannotDevelop:
        return None


def _warned(text: str) -> object:
    return decoding._DAMAGE.search(text) or decoding._HARMLESS.search(text)


def _phrases(text: str) -> object:
    return queue.has_one_of(text, "I read it twice. " * 100)


def _bytes(read: Callable[[bytes], object]) -> Callable[[str], object]:
    return lambda text: read(text.encode("latin-1", "replace"))


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
HEADER_TEXTS = (
    *(
        ";",
        "; ",
        "=",
        "a=b; ",
        'a="\\"; ',
        '"',
        "\\",
        ",",
        ", ",
        ",;",
        "*/*,",
        "a/b;q=0.1,",
        "a;",
        "=;",
    ),
    *(
        "filename YQ==,",
        "filename ",
        "YQ",
        "a b,",
        "session",
        "; session",
        "de-de-",
        "en;q=0.5,",
        " ",
    ),
)
# What a decoder says of a file may have words from the file in it.
_COMPLAINTS = (
    *(
        "\n",
        " ",
        "\n ",
        "VipsJpeg",
        "heif: ",
        "unsupporte",
        "not ",
        "not buil",
        "out of ",
        "memory ",
    ),
    *("premature ", "corrupt jpeg ", "extraneous bytes before marker 0xd", "\u00e9", "\u00e9a"),
)
# Accents of two classes, which Unicode wants sorted; the second is two of them, and looks like one letter.
_ACCENTS = ("\u0301\u0323", "\u0f73")
_LOGGED = ("/join/", "/join/a", "/join/a ", "/", "/joi")
# A session's cookie, as the front finds it in the event loop.
_SESSION = re.compile(r"(?:^|;)\s*session=([^;]+)")
_JPEG = (
    "\xff",
    "\xff\0",
    "\xff\xda\0\x02",
    "\xff\xe1\0\x02",
    "\xff\xd8",
    "\xff\xd9",
    "\xff\xc4\0\x03\0",
)
_PNG = ("\0\0\0\0tEXt\0\0\0\0", "\0\0\0\x01tEXt\0", "\xff\xff\xff\xfftEXt", "\0\0\0\0")
_BOXES = (
    *("\0\0\0\x08free", "\0\0\0\x08meta", "\0\0\0\x01meta\0\0\0\0\0\0\0\x10", "\0\0\0\0meta", "\0"),
    *("\0\0\0\x0cmeta\0\0\0\0", "\0\0\0\x08ipma", "\0\0\0\x08iprp", "\0\0\0\x08colr"),
)
_META = "\0\0\0\x14ftypavif\0\0\0\0avif\0\x0f\xff\xffmeta\0\0\0\0"
_IPMA = _META + "\0\x0f\xff\xf0iprp\0\x0f\xff\xe0ipma\0\0\0\0\0\x0f\0\0"
# Files are larger, but read by the same steps.
_FILE = 1_000_000
PARSERS = {
    "a letter": Parser(partial(markup.parts, numbers=frozenset({1}), signers=("Rose",)), 1_000_000),
    "a letter's HTML": Parser(markup.html, 1_000_000),
    "a letter's opening": Parser(markup.opening, 1_000_000),
    "its signatures": Parser(signing._signatures, 1_000_000),
    "a line that may sign": Parser(signing.signer_of, 1_000_000),
    "a letter cleaned": Parser(safe_html.clean, 1_000_000),
    "a response's passages": Parser(paragraphs, 1_000_000, (*TEXTS, "\n{}a", "\n{}\n", "\r")),
    "a response's likeness": Parser(likeness, 200_000, (*TEXTS, *_ACCENTS, "_", "\ufdfa")),
    "a response's words": Parser(partial(queue.has_one_of, "a a a\nb c"), 200_000),
    "words that fall behind": Parser(_phrases, 20_000, (*TEXTS, "a\n")),
    "people who get a link": Parser(_people, 20_000),
    "a file's name": Parser(names.of_file, HEADERS_BYTES),
    # A form checks the length of a name, and reads the name all the same.
    "a date that was typed": Parser(
        partial(date_words.read, language="fr", today=date(2026, 1, 1)),
        200,
        (*TEXTS, "{},", "1/", "-", " et "),
    ),
    "a name": Parser(names.clean, HEADERS_BYTES),
    "a name for a mail": Parser(_personal, HEADERS_BYTES, (*TEXTS, "1", "1 ", "1.1.", "a.", "a-")),
    "an original's name": Parser(file_names.safe_stem, HEADERS_BYTES),
    "a line of a log": Parser(partial(SECRET.sub, r"\1…"), HEADERS_BYTES, _LOGGED),
    "a decoder's complaint": Parser(
        lambda text: verdicts.refusal_for(ValueError(text)), HEADERS_BYTES, _COMPLAINTS
    ),
    "a decoder's warning": Parser(_warned, HEADERS_BYTES, _COMPLAINTS),
    "a file's kind": Parser(
        _bytes(_sniffed), HEADERS_BYTES, ("iso", "mif1", "\0"), "\0\0\x02\0ftyp"
    ),
    "tus metadata": Parser(_tus_metadata, HEADERS_BYTES, HEADER_TEXTS),
    "cookies": Parser(parse_cookie, HEADERS_BYTES, HEADER_TEXTS),
    "a session's cookie": Parser(_SESSION.search, HEADERS_BYTES, HEADER_TEXTS),
    "Accept": Parser(
        lambda text: _request("HTTP_ACCEPT", text).accepted_types, LONGEST_HEADER, HEADER_TEXTS
    ),
    "Accept-Language": Parser(parse_accept_lang_header, HEADERS_BYTES, HEADER_TEXTS),
    "Content-Type": Parser(parse_header_parameters, LONGEST_HEADER, HEADER_TEXTS),
    "Content-Length": Parser(_length, HEADERS_BYTES, ("1", "-", " ", "1,")),
    "X-Forwarded-For": Parser(
        lambda text: address_of(cast(Any, _Scope(x_forwarded_for=text)), trusted_proxies=1),
        HEADERS_BYTES,
        HEADER_TEXTS,
    ),
    "Range": Parser(
        lambda text: ranges._has_already(_request("HTTP_RANGE", text), size=10, tag=""),
        HEADERS_BYTES,
        ("bytes=", "0", "0-", "0-1,", " "),
        begins="bytes=",
    ),
    "a query": Parser(_query, HEADERS_BYTES, ("&", "a=b&", "%", "%f0", "=", "a", "+")),
    "EXIF": Parser(_bytes(exif.orientation), 65_536, ("\0", "II*\0", "\x12\x01"), "Exif\0\0II*\0"),
    "JPEG markers, tidied": Parser(_bytes(jpeg_markers.tidied), _FILE, _JPEG, "\xff\xd8"),
    "JPEG markers, scans": Parser(_bytes(jpeg_markers.lacks_scans), _FILE, _JPEG, "\xff\xd8"),
    "JPEG markers, bits": Parser(_bytes(jpeg_markers.is_eight_bits), _FILE, _JPEG, "\xff\xd8"),
    "PNG chunks": Parser(_bytes(chunks.coding), _FILE, _PNG, "\x89PNG\r\n\x1a\n"),
    "PNG start": Parser(_bytes(chunks.is_whole_start), _FILE, _PNG, "\x89PNG\r\n\x1a\n"),
    "ISOBMFF boxes": Parser(_bytes(boxes.main_item), _FILE, _BOXES, _META[:20]),
    "ISOBMFF boxes in meta": Parser(_bytes(boxes.main_item), 1_000_000, _BOXES, _META),
    "ISOBMFF properties": Parser(
        _bytes(boxes.main_item), 1_000_000, ("\0\x01\x01\x01", "\0\0\0"), _IPMA
    ),
}
BLANKS = " " * 10_000


def main(names: list[str]) -> int:
    """Measure the parsers with these names, or all; returns the exit status."""
    print(f"{'parser':24}{'text':24}{'characters':>12}{'seconds':>10}{'per doubling':>14}")
    failed = 0
    for name, parser in PARSERS.items():
        if names and name not in names:
            continue
        for text in parser.texts or TEXTS:
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
        long = parser.begins + text_of(text, length)
        seconds = seconds_for(parser, long)
        growth = seconds / before if before > SHORTEST_SECONDS else 0.0
        for _ in range(AGAIN):  # In case something else held up the machine.
            if growth > MOST_PER_DOUBLING:
                half = seconds_for(parser, parser.begins + text_of(text, length // 2))
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
