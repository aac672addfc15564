"""Whether two responses say the same, or nearly: compared by keyed digests, never by their words."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from beside.photos.vault.root import derive

LIKENESS_BYTES = 16
_WORD = re.compile(r"[^\W_]+")
# MinHash over runs of three words (Broder 1997): of 32 minima, the share that is equal estimates the share of
# runs that two texts have in common.
_RUN = 3
_MINIMA = 32
_HASH_BYTES = 8
# Two texts that share more than half of their runs were written from one another.
NEARLY = 0.5


def likeness(words: str) -> bytes:
    """A digest of `LIKENESS_BYTES` that is equal for texts that differ only in case, accents, spacing and signs."""
    return _digest(b"likeness", " ".join(_words(words)).encode())[:LIKENESS_BYTES]


def fingerprint(words: str) -> list[str]:
    """What `nearness` compares: `_MINIMA` hexadecimal numbers from which nobody can get the words back."""
    found = _words(words)
    runs = [" ".join(found[i : i + _RUN]) for i in range(max(1, len(found) - _RUN + 1))]
    seeds = [_digest(b"run", run.encode()) for run in runs]
    return [min(_mixed(seed, number) for seed in seeds).hex() for number in range(_MINIMA)]


def nearness(one: Iterable[str], other: Iterable[str]) -> float:
    """How much two fingerprints have in common, from 0 to 1."""
    pairs = list(zip(one, other, strict=False))
    return sum(a == b for a, b in pairs) / _MINIMA


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _mixed(seed: bytes, number: int) -> bytes:
    return hmac.digest(_key(), seed + bytes((number,)), "sha256")[:_HASH_BYTES]


def _digest(purpose: bytes, data: bytes) -> bytes:
    return hmac.digest(_key(), purpose + b"\0" + data, "sha256")


@lru_cache(maxsize=1)
def _key() -> bytes:
    return derive(settings.ROOT_KEY, "responses")
