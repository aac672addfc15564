"""An open photograph as a page lays it: the values of `parts/print.html`, and how pairs stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The shapes that the stylesheet knows: pairs get equal heights from it, with no inline style.
RATIOS = {
    "9x16": 9 / 16,
    "2x3": 2 / 3,
    "3x4": 3 / 4,
    "1x1": 1.0,
    "4x3": 4 / 3,
    "3x2": 3 / 2,
    "16x9": 16 / 9,
}
# The letter's column and the width to which opened photographs spread (design: 38rem, 57.5rem).
ALONE = "(width < 74rem) calc(100vw - 2.5rem), 57.5rem"
IN_A_PAIR = "(width < 42rem) calc(100vw - 2.5rem), (width < 74rem) 50vw, 28rem"


@dataclass(frozen=True)
class Added:
    """Something said later. `by` is a name, or empty where the page says it already."""

    by: str
    on: date
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Print:
    """One open photograph. The addresses are capabilities; `width` and `height` are pixels."""

    jpeg: str
    avif: str
    width: int
    height: int
    alt: str
    caption: str = ""
    added: Sequence[Added] = ()
    paired: bool = False
    lazy: bool = False

    @property
    def ratio(self) -> str:
        """The class of the shape, which only a pair needs."""
        return nearest_ratio(self.width, self.height) if self.paired else ""

    @property
    def is_tall(self) -> bool:
        """Whether it would fill more than a screen if it were as wide as the page."""
        return not self.paired and self.height > self.width

    @property
    def sizes(self) -> str:
        """How wide it stands, for the browser to choose a rendition by."""
        return IN_A_PAIR if self.paired else ALONE


def nearest_ratio(width: int, height: int) -> str:
    """The shape of the stylesheet nearest to a photograph of this many pixels."""
    shape = width / height
    return min(RATIOS, key=lambda name: max(RATIOS[name] / shape, shape / RATIOS[name]))


def srcset(addresses: Sequence[tuple[str, int]]) -> str:
    """A `srcset` from (address, width in pixels)."""
    return ", ".join(f"{address} {width}w" for address, width in addresses)
