"""Whether two responses say the same: compared by a keyed digest, never by their words."""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache

from django.conf import settings

from beside.photos.vault.root import derive

LIKENESS_BYTES = 16
_WORD = re.compile(r"[^\W_]+")


def likeness(words: str) -> bytes:
    """A digest of `LIKENESS_BYTES` that is equal for texts that differ only in case, accents, spacing and signs."""
    said = b"likeness\0" + " ".join(_words(words)).encode()
    return hmac.digest(_key(), said, "sha256")[:LIKENESS_BYTES]


def _words(text: str) -> list[str]:
    # Sign by sign: a long run of accents is sorted in the square of its length, and they are left out below.
    plain = "".join(unicodedata.normalize("NFKD", sign) for sign in text).casefold()
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


@lru_cache(maxsize=1)
def _key() -> bytes:
    return derive(settings.ROOT_KEY, "responses")
