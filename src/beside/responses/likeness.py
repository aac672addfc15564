"""Whether two responses say the same, or nearly: compared by keyed digests, never by their words."""

from __future__ import annotations

import hmac
import re
from functools import lru_cache
from heapq import nsmallest

from django.conf import settings

from beside.index.unicode_forms import folded
from beside.photos.vault.root import derive

LIKENESS_BYTES = 16
_WORD = re.compile(r"[^\W_]+")
# A bottom-k sketch (Broder 1997): of the digests of all pairs of neighbouring words, the smallest. The share that two
# texts have in common among the smallest of both estimates the share of pairs; for short texts it is exact.
_RUN = 2
_KEPT = 64
_DIGEST_BYTES = 8
SKETCH_BYTES = _KEPT * _DIGEST_BYTES
# Of two texts that share this much, one was most likely written from the other: docs/performance.md has the figures.
NEARLY = 0.35
# Fewer pairs than this say too little: then only the same words count.
_FEWEST = 6


def likeness(words: str) -> bytes:
    """A digest of `LIKENESS_BYTES` that is equal for texts that differ only in case, accents, spacing and signs."""
    said = b"likeness\0" + " ".join(_words(words)).encode()
    return hmac.digest(_key(), said, "sha256")[:LIKENESS_BYTES]


def sketch(words: str) -> bytes:
    """What `nearness` compares: at most `SKETCH_BYTES`, from which nobody can get the words back. Empty without words."""
    found = _words(words)
    last = max(1, len(found) - _RUN + 1) if found else 0
    runs = {" ".join(found[start : start + _RUN]) for start in range(last)}
    digests = (hmac.digest(_key(), b"run\0" + run.encode(), "sha256") for run in runs)
    return b"".join(nsmallest(_KEPT, (digest[:_DIGEST_BYTES] for digest in digests)))


def digests_in(one: bytes) -> frozenset[bytes]:
    """The digests that a sketch consists of."""
    starts = range(0, len(one), _DIGEST_BYTES)
    return frozenset(one[start : start + _DIGEST_BYTES] for start in starts)


def nearness(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """How much two texts have in common, from 0 to 1, by the `digests_in` their sketches."""
    if min(len(one), len(other)) < _FEWEST:
        return float(one == other and bool(one))
    smallest = nsmallest(_KEPT, one | other)
    common = one & other
    return sum(digest in common for digest in smallest) / len(smallest)


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


@lru_cache(maxsize=1)
def _key() -> bytes:
    return derive(settings.ROOT_KEY, "responses")
