"""Converting every photograph's colours to 8-bit sRGB, so that they look right without a profile."""

from __future__ import annotations

from array import array

import pyvips

from beside.photos.darkroom.cicp import Coding

# Light up to here is left unchanged; what is brighter is eased into the rest of the range.
_KNEE = 0.75


def flatten(image: pyvips.Image) -> pyvips.Image:
    """Put white behind whatever is transparent."""
    if not image.hasalpha():
        return image
    white = 65535 if image.format == "ushort" else 255
    return image.flatten(background=white, max_alpha=white)


def to_srgb(image: pyvips.Image, coding: Coding | None) -> pyvips.Image:
    """`image` as three bands of 8-bit sRGB.

    Its embedded profile decides where there is a usable one, and `coding` otherwise.
    """
    if image.get_typeof("icc-profile-data"):
        try:
            return _plain(_through_profile(image))
        except pyvips.Error:  # an empty or broken profile: the values are taken as sRGB
            image = without_profile(image)
    if image.interpretation == "cmyk":
        return _plain(_through_profile(image, input_profile="cmyk"))
    if coding and not coding.is_srgb:
        return _plain(_through_light(image, coding))
    return _plain(image)


def without_profile(image: pyvips.Image) -> pyvips.Image:
    """The same pixels with no embedded profile."""
    image = image.copy()
    if image.get_typeof("icc-profile-data"):
        image.remove("icc-profile-data")
    return image


def _through_profile(image: pyvips.Image, **options: str) -> pyvips.Image:
    converted = image.icc_transform(
        "srgb", embedded=True, intent="relative", black_point_compensation=True, **options
    )
    return converted.copy_memory()


def _plain(image: pyvips.Image) -> pyvips.Image:
    if image.interpretation != "srgb":
        image = image.colourspace("srgb")
    return _three(image.cast("uchar"))


def _three(image: pyvips.Image) -> pyvips.Image:
    return image[0].bandjoin([image[0], image[0]]) if image.bands < 3 else image[0:3]


def _through_light(image: pyvips.Image, coding: Coding) -> pyvips.Image:
    steps = 65536 if image.format == "ushort" else 256
    table = array("f", (coding.light(step / (steps - 1)) for step in range(steps)))
    lut = pyvips.Image.new_from_memory(table.tobytes(), steps, 1, 1, "float")
    matrix = pyvips.Image.new_from_array(coding.to_srgb())
    linear = _three(image).maplut(lut).recomb(matrix)
    linear = (linear > 0).ifthenelse(linear, 0)
    if coding.is_high_range:
        room = 1 - _KNEE
        eased = 1 - room * ((_KNEE - linear) / room).exp()
        linear = (linear > _KNEE).ifthenelse(eased, linear)
    return linear.cast("float").copy(interpretation="scrgb").colourspace("srgb")
