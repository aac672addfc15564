"""Texts in one form of Unicode, and without case and accents, in time that is linear in their length."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

# As many marks on one letter as the Stream-Safe Text Format allows (Unicode Standard Annex 15, section 13).
_MOST_MARKS = 30


def normalized(form: Literal["NFC", "NFKC", "NFD", "NFKD"], text: str) -> str:
    """`text` in this form. Of more than thirty marks on one letter, only the first thirty are kept.

    Python sorts the marks of a letter in the square of their number: eighty thousand of them took five seconds.
    """
    return text if text.isascii() else unicodedata.normalize(form, _endless().sub(r"\1", text))


def folded(text: str) -> str:
    """`text` without case, accents and other marks."""
    if text.isascii():
        return text.lower()
    # Sign by sign: so no run of marks is sorted, and they are left out below.
    small = "".join(unicodedata.normalize("NFKD", sign) for sign in text).casefold()
    return "".join(sign for sign in small if not unicodedata.combining(sign))


@lru_cache(maxsize=1)
def _endless() -> re.Pattern[str]:
    # Above the second plane nothing combines. What decomposes into marks counts as one.
    signs = map(chr, range(0x20000))
    marks = [one for one in signs if unicodedata.combining(unicodedata.normalize("NFKD", one)[0])]
    return re.compile(rf"([{''.join(marks)}]{{{_MOST_MARKS}}})[{''.join(marks)}]+")
