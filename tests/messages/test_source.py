"""Sentences in the source are whole, and days and lists are said in one place.

What no program can see, such as a sentence that a condition builds, the languages that nobody speaks show (`test_pages`).
"""

from __future__ import annotations

import re

import pytest

from messages.extract import SOURCE

TEMPLATES = sorted([*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")])
SAID = r'\{% translate "[^"]*[^.?!:”"…]" %\}'
GLUED = {
    "a sentence that goes on with a day": rf"{SAID},? ?<time",
    "a sentence that goes on after a link": r'(?:</a>|</strong>|</time>),? ?\{% translate "[a-z,]',
    "a sentence that begins with what was put in": r'\}\}(?:</a>|</strong>)? \{% translate "[a-z]',
    "a sentence that goes on with a link": rf"{SAID} <(?:a|strong)[^>]*>\{{[{{%]",
}
# Machines read the first two; the third is the name of a page.
DAYS = re.compile(
    r"\|(?:date|time):(?!'c'|\"Y-m\"|'Y-m')|filesizeformat|\{% now|timesince|naturaltime"
)
CASE = re.compile(r"\|(?:lower|upper|title|capfirst)\b(?! %\}\">)")
IN_PYTHON = re.compile(
    r"date_format\(|filesizeformat|[a-z_]+\.strftime\((?!_MOMENT)|\" and \"\)?\.join|_\([^()]*\)\.(?:lower|upper)\("
)


def spots(pattern: str | re.Pattern[str], paths, *, but=()) -> list[str]:
    return [
        f"{path.relative_to(SOURCE)}: {found[0]}"
        for path in paths
        if path not in but
        for found in re.finditer(pattern, path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("kind", GLUED)
def test_no_sentence_is_put_together_from_pieces(kind):
    labels = {  # A link after it is another thing that can be done, in a row of such.
        path for path in TEMPLATES if path.name in ("foot.html", "top.html")
    }

    assert spots(GLUED[kind], TEMPLATES, but=labels) == []


def test_days_and_sizes_are_said_in_one_place():
    modules = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
    of_a_form = [SOURCE / "web" / "forms" / "notice_preferences.py"]

    assert spots(DAYS, TEMPLATES) == []
    assert spots(CASE, TEMPLATES) == []
    assert spots(IN_PYTHON, modules, but=of_a_form) == []
