"""The HTML part of a mail, made from its text: paragraphs and our own links, and nothing that is loaded."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def html_of(subject: str, text: str, *, lang: str) -> str:
    """A page that says what `text` does, in the language `lang`. Each line has a direction of its own, which is that of its first letter.

    Only addresses of this place become links: what somebody has typed must not become one.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    paragraphs = format_html_join(
        "\n", '<p dir="auto">{}</p>', ((_linked(line),) for line in lines)
    )
    return format_html(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>\n'
        "<body>\n{}\n</body></html>\n",
        lang,
        subject,
        paragraphs,
    )


def _linked(line: str) -> SafeString:
    place = re.escape(settings.BESIDE.url.rstrip("/"))
    pieces = re.split(rf"({place}/\S*)", line)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}" dir="ltr">{}</a>', piece, piece) if number % 2 else piece,)
            for number, piece in enumerate(pieces)
        ),
    )
