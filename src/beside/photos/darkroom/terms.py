"""What the darkroom is asked for, and what it can answer: plain values that both sides know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024


class Kind(StrEnum):
    """The five formats that are opened, each by one named decoder."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"
    HEIC = "heic"


class Notice(StrEnum):
    """What an author should know about a photograph that was developed all the same."""

    DAMAGED = "damaged"
    MOVING = "moving"
    SEVERAL = "several"


class Refusal(StrEnum):
    """Why a file wasn't developed.

    The first six are verdicts on the file. TOO_HARD and NOT_YET are about this program and this
    machine, so the original is kept and can be tried again.
    """

    FORMAT = "format"
    FILM = "film"
    EMPTY = "empty"
    PIXELS = "pixels"
    BYTES = "bytes"
    DAMAGED = "damaged"
    TOO_HARD = "too-hard"
    NOT_YET = "not-yet"


KEPT = (Refusal.TOO_HARD, Refusal.NOT_YET)


@dataclass(frozen=True)
class Limits:
    """What one photograph may cost; past any of these it is refused, and nothing else suffers.

    `max_pixels` bounds what has to be decoded: 120 megapixels holds the largest phone sensors in
    everyday use, and a 200-megapixel HEIC took 1.4 GB. A JPEG, which is decoded at a reduced size,
    may have JPEG_TIMES as many. `memory_bytes` bounds the address space, not only what is touched.
    `may_be_unlocked` lets it be developed where neither seccomp nor Landlock can lock its process.
    """

    max_bytes: int = 100 * MIB
    max_pixels: int = 120_000_000
    memory_bytes: int = 1536 * MIB
    cpu_s: int = 60
    wall_s: float = 120.0
    may_be_unlocked: bool = False


JPEG_TIMES = 4


@dataclass(frozen=True)
class Made:
    """One rendition: pixels and nothing besides, upright, in sRGB. Sizes are in pixels."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Developed:
    """A developed photograph: its size in pixels when upright, and its renditions.

    `peak_bytes` is the most memory that its process held at any time.
    """

    kind: str
    width: int
    height: int
    notice: Notice | None
    renditions: tuple[Made, ...]
    peak_bytes: int = 0


class CannotDevelop(Exception):
    """Raised inside the darkroom; the intake turns it into a sentence.

    `fault` is what went wrong in our own program, for the host's log; empty for a verdict on the file.
    """

    def __init__(self, refusal: Refusal, *, fault: str = "") -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.fault = fault
