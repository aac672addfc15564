"""Bringing every photograph's colours to 8-bit sRGB, so that they look right with no profile."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass

import pyvips

# ITU-T H.273: colour primaries and transfer characteristics.
_BT2020, _P3_D65 = 9, 12
_PQ, _HLG = 16, 18
_NCLX = re.compile(rb"colrnclx(..)(..)", re.DOTALL)

# Diffuse white at 203 cd/m² (ITU-R BT.2408) is what sRGB calls white.
_WHITE_NITS = 203.0
_HLG_PEAK_NITS = 1000.0
# Up to here nothing is changed; what is brighter is eased into what is left.
_KNEE = 0.75

# Linear light, to BT.709's primaries (sRGB's).
_FROM_BT2020 = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
_FROM_P3 = [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]]
_UNCHANGED = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


@dataclass(frozen=True)
class Nclx:
    """How a HEIF file without an ICC profile says what its numbers mean."""

    primaries: int
    transfer: int

    @property
    def is_high_range(self) -> bool:
        """Whether its light is coded for HDR screens (PQ or HLG)."""
        return self.transfer in {_PQ, _HLG}

    @property
    def is_wide(self) -> bool:
        return self.primaries in {_BT2020, _P3_D65}


def find_nclx(data: bytes) -> Nclx | None:
    """The first colour box of a HEIF file's item list, if it has one."""
    found = _NCLX.search(data, 0, 64 * 1024)
    if not found:
        return None
    return Nclx(int.from_bytes(found[1], "big"), int.from_bytes(found[2], "big"))


def flatten(image: pyvips.Image) -> pyvips.Image:
    """What was transparent lies on white paper."""
    if not image.hasalpha():
        return image
    white = 65535 if image.format == "ushort" else 255
    return image.flatten(background=white, max_alpha=white)


def to_srgb(image: pyvips.Image, nclx: Nclx | None) -> pyvips.Image:
    """`image` as three bands of 8-bit sRGB, through its own profile where it has a usable one."""
    if image.get_typeof("icc-profile-data"):
        try:
            return _plain(_through_profile(image))
        except pyvips.Error:  # an empty or broken profile: its numbers are taken as sRGB
            image = image.copy()
            image.remove("icc-profile-data")
    if image.interpretation == "cmyk":
        return _plain(_through_profile(image, input_profile="cmyk"))
    if nclx and image.bands == 3 and (nclx.is_high_range or nclx.is_wide):
        return _plain(_through_light(image, nclx))
    return _plain(image)


def _through_profile(image: pyvips.Image, **options: str) -> pyvips.Image:
    converted = image.icc_transform(
        "srgb", embedded=True, intent="relative", black_point_compensation=True, **options
    )
    return converted.copy_memory()


def _plain(image: pyvips.Image) -> pyvips.Image:
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    image = image.cast("uchar")
    return image[0].bandjoin([image[0], image[0]]) if image.bands < 3 else image[0:3]


def _through_light(image: pyvips.Image, nclx: Nclx) -> pyvips.Image:
    steps = 65536 if image.format == "ushort" else 256
    table = array("f", (_light(step / (steps - 1), nclx.transfer) for step in range(steps)))
    lut = pyvips.Image.new_from_memory(table.tobytes(), steps, 1, 1, "float")
    matrix = {_BT2020: _FROM_BT2020, _P3_D65: _FROM_P3}.get(nclx.primaries, _UNCHANGED)
    linear = image.maplut(lut).recomb(pyvips.Image.new_from_array(matrix))
    linear = (linear > 0).ifthenelse(linear, 0)
    if nclx.is_high_range:
        room = 1 - _KNEE
        eased = 1 - room * ((_KNEE - linear) / room).exp()
        linear = (linear > _KNEE).ifthenelse(eased, linear)
    return linear.cast("float").copy(interpretation="scrgb").colourspace("srgb")


def _light(signal: float, transfer: int) -> float:
    """Linear light for a coded value of 0 to 1; 1 is diffuse white."""
    if transfer == _PQ:
        return _pq(signal)
    if transfer == _HLG:
        return _hlg(signal)
    return signal / 12.92 if signal <= 0.04045 else ((signal + 0.055) / 1.055) ** 2.4


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
