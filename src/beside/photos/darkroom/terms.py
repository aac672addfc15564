"""What is asked of the darkroom, and what it can answer: plain values both sides know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MIB = 1024 * 1024


class Kind(StrEnum):
    """The five formats that are opened, each by one named loader."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"
    HEIC = "heic"


class Notice(StrEnum):
    """What an author should know of a photograph that was taken in all the same."""

    DAMAGED = "damaged"
    MOVING = "moving"
    SEVERAL = "several"


class Refusal(StrEnum):
    """Why a file can't be taken in."""

    FORMAT = "format"
    FILM = "film"
    EMPTY = "empty"
    PIXELS = "pixels"
    BYTES = "bytes"
    DAMAGED = "damaged"
    TOO_HARD = "too-hard"


@dataclass(frozen=True)
class Limits:
    """What one photograph may cost; past any of these it is refused, and nothing else suffers.

    120 megapixels holds the largest phone sensors in everyday use; a 200-megapixel HEIC took
    1.4 GB to decode. `memory_bytes` bounds the address space, not only what is touched.
    """

    max_bytes: int = 100 * MIB
    max_pixels: int = 120_000_000
    memory_bytes: int = 1536 * MIB
    cpu_s: int = 30
    wall_s: float = 60.0


@dataclass(frozen=True)
class Made:
    """One rendition: pixels and nothing besides, upright, in sRGB."""

    name: str
    media_type: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Developed:
    """A photograph that was taken in: its size as it stands upright, and its renditions.

    `peak_bytes` is the most memory that its process ever held.
    """

    kind: str
    width: int
    height: int
    notice: Notice | None
    renditions: tuple[Made, ...]
    peak_bytes: int = 0


class CannotDevelop(Exception):
    """Raised inside the darkroom; the intake turns it into a sentence."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
