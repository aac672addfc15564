"""What coded colours mean (ITU-T H.273): which primaries they mix, and how much light each value is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

Chromaticities = tuple[float, ...]
Matrix = list[list[float]]

# x and y of red, green, blue and white.
SRGB_CHROMATICITIES: Chromaticities = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
_SMPTE_170M: Chromaticities = (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, 0.3127, 0.3290)
_PRIMARIES: dict[int, Chromaticities] = {
    1: SRGB_CHROMATICITIES,
    2: SRGB_CHROMATICITIES,  # "unspecified"
    4: (0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.310, 0.316),
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06, 0.3127, 0.3290),
    6: _SMPTE_170M,
    7: _SMPTE_170M,
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290),  # BT.2020
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290),  # Display P3
    22: (0.630, 0.340, 0.295, 0.605, 0.155, 0.077, 0.3127, 0.3290),
}
# Diffuse white at 203 cd/m² (ITU-R BT.2408) is what sRGB calls white.
_WHITE_NITS = 203.0
_HLG_PEAK_NITS = 1000.0

_FROM_BRADFORD: Matrix = [
    [0.9869929, -0.1470543, 0.1599627],
    [0.4323053, 0.5183603, 0.0492912],
    [-0.0085287, 0.0400428, 0.9684867],
]
_TO_BRADFORD: Matrix = [
    [0.8951, 0.2664, -0.1614],
    [-0.7502, 1.7135, 0.0367],
    [0.0389, -0.0685, 1.0296],
]


def gamma(exponent: float) -> Callable[[float], float]:
    """A curve of plain powers."""
    return partial(_power, exponent=exponent)


def _power(signal: float, *, exponent: float) -> float:
    return float(signal**exponent)


def _srgb(signal: float) -> float:
    return signal / 12.92 if signal <= 0.04045 else float(((signal + 0.055) / 1.055) ** 2.4)


def _pq(signal: float) -> float:
    """SMPTE ST 2084."""
    power: float = signal ** (32 / 2523)
    light = max(power - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * power)
    return float(10000 * light ** (8192 / 1305) / _WHITE_NITS)


def _hlg(signal: float) -> float:
    """ITU-R BT.2100 HLG, with the system gamma of a 1000 cd/m² screen on each channel."""
    if signal <= 0.5:
        scene = signal**2 / 3
    else:
        scene = (2.718281828 ** ((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return float(_HLG_PEAK_NITS * scene**1.2 / _WHITE_NITS)


# Browsers show BT.709's curve and its kin as sRGB's, so they are that here as well.
_CURVES: dict[int, Callable[[float], float]] = {
    **dict.fromkeys((1, 2, 6, 13, 14, 15), _srgb),
    4: gamma(2.2),
    5: gamma(2.8),
    8: gamma(1.0),
    16: _pq,
    18: _hlg,
}


@dataclass(frozen=True)
class Coding:
    """How coded values of 0 to 1 become light, and which primaries that light has.

    `light` gives linear light, where 1 is diffuse white and HDR goes beyond.
    """

    chromaticities: Chromaticities
    light: Callable[[float], float] = _srgb

    @classmethod
    def of(cls, primaries: int, transfer: int) -> Coding | None:
        """The coding with these numbers of H.273; None for one that isn't known here."""
        if primaries not in _PRIMARIES or transfer not in _CURVES:
            return None
        return cls(_PRIMARIES[primaries], _CURVES[transfer])

    @property
    def is_possible(self) -> bool:
        """Whether three such primaries can make every colour; a file may give any numbers."""
        try:
            self.to_srgb()
        except ZeroDivisionError:
            return False
        return True

    @property
    def is_high_range(self) -> bool:
        """Whether its light is coded for HDR screens (PQ or HLG)."""
        return self.light in {_pq, _hlg}

    @property
    def is_srgb(self) -> bool:
        """Whether its values are sRGB's already."""
        return self.light is _srgb and self.chromaticities == SRGB_CHROMATICITIES

    def to_srgb(self) -> Matrix:
        """The matrix from this linear light to linear sRGB; another white becomes D65 (Bradford)."""
        out = _inverse(_to_xyz(SRGB_CHROMATICITIES))
        mine, theirs = (
            _cone(white) for white in (self.chromaticities[6:], SRGB_CHROMATICITIES[6:])
        )
        scale = [
            [theirs[row] / mine[row] if row == column else 0.0 for column in range(3)]
            for row in range(3)
        ]
        adapted = _times(_FROM_BRADFORD, _times(scale, _TO_BRADFORD))
        return _times(out, _times(adapted, _to_xyz(self.chromaticities)))


def _to_xyz(xy: Chromaticities) -> Matrix:
    columns = [_xyz(xy[at], xy[at + 1]) for at in (0, 2, 4)]
    mixed = [[column[row] for column in columns] for row in range(3)]
    amounts = _apply(_inverse(mixed), _xyz(xy[6], xy[7]))
    return [[mixed[row][column] * amounts[column] for column in range(3)] for row in range(3)]


def _xyz(x: float, y: float) -> list[float]:
    y = y or 1e-6
    return [x / y, 1.0, (1 - x - y) / y]


def _cone(white: Chromaticities) -> list[float]:
    return _apply(_TO_BRADFORD, _xyz(*white))


def _apply(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _times(one: Matrix, other: Matrix) -> Matrix:
    columns = list(zip(*other, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in one
    ]


def _inverse(m: Matrix) -> Matrix:
    """By cofactors; three colours that lie on one line have no inverse, and raise ZeroDivisionError."""

    def cofactor(row: int, column: int) -> float:
        a, b = (row + 1) % 3, (row + 2) % 3
        c, d = (column + 1) % 3, (column + 2) % 3
        return m[a][c] * m[b][d] - m[a][d] * m[b][c]

    size = sum(m[0][column] * cofactor(0, column) for column in range(3))
    return [[cofactor(column, row) / size for column in range(3)] for row in range(3)]
