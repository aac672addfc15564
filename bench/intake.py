"""How many photographs a minute are developed, and in how much memory, beside Pillow's own.

Run as `python -m bench.intake`. Both make the same five renditions, in the same run, of the same
photographs, which carry a Display P3 profile as phones' do: AVIF at 480, 1080, 2048 and 4096 pixels
and a JPEG at 1600. Beside's side includes everything: a fresh, locked process for each. Pillow's is
run in two ways, both with AVIF at speed 9, which is what libvips calls effort 0: *plain*, each
rendition from the whole photograph, and *careful*, with a JPEG's draft mode, colour converted
once it is small, and each rendition from the largest. A JPEG of 200 megapixels is developed by
Beside alone, once progressive, for its memory and time.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pillow_heif
import pyvips
from PIL import Image, ImageCms, ImageOps

from beside.photos.intake import Limits, develop

SIZES = {"12 MP": (4032, 3024), "48 MP": (8064, 6048)}
LARGEST = (16320, 12240)
ROUNDS = 3
AVIF_WIDTHS = (4096, 2048, 1080, 480)
RESULTS = Path(__file__).parent / "results" / "intake.json"

_Make = Callable[[bytes], None]


def photograph(size: tuple[int, int]) -> Image.Image:
    """Something with the detail of a photograph: soft shapes, edges, and a sensor's grain."""
    width, height = size
    shapes = pyvips.Image.perlin(width // 8, height // 8, cell_size=64, uchar=True).resize(8)
    edges = pyvips.Image.worley(width // 8, height // 8, cell_size=50).resize(8)
    grain = pyvips.Image.gaussnoise(width, height, mean=0, sigma=3)
    bands = [shapes + grain, (shapes + edges) / 2 + grain, edges + grain]
    pixels = bands[0].bandjoin(bands[1:]).cast("uchar").write_to_memory()
    return Image.frombytes("RGB", size, pixels)


def stored(image: Image.Image, kind: str) -> bytes:
    """The photograph as a phone stores it: a JPEG, or a HEIC in tiles of 512 pixels."""
    buffer = io.BytesIO()
    profile = bytes(pyvips.Image.profile_load("p3"))
    if kind == "JPEG":
        image.save(buffer, "JPEG", quality=92, icc_profile=profile)
    else:
        pillow_heif.options.GRID_TILE_SIZE = 512
        image.info["icc_profile"] = profile
        pillow_heif.from_pillow(image).save(buffer, quality=60, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


def plain(data: bytes) -> None:
    """Pillow as its handbook shows it."""
    image = _in_srgb(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    for width in AVIF_WIDTHS:
        _at(image, width).save(io.BytesIO(), "AVIF", quality=60, speed=9)
    _at(image, 1600).save(io.BytesIO(), "JPEG", quality=82)


def careful(data: bytes) -> None:
    """Pillow as fast as it can be made without losing anything visible."""
    opened = Image.open(io.BytesIO(data))
    width = min(AVIF_WIDTHS[0], opened.width)
    height = round(opened.height * width / opened.width)
    opened.draft("RGB", (width, height))
    image = _in_srgb(ImageOps.exif_transpose(opened.resize((width, height), reducing_gap=2.0)))
    for width in AVIF_WIDTHS:
        _at(image, width).save(io.BytesIO(), "AVIF", quality=60, speed=9)
    _at(image, 1600).save(io.BytesIO(), "JPEG", quality=82)


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    assert converted is not None
    return converted


def _at(image: Image.Image, width: int) -> Image.Image:
    width = min(width, image.width)
    size = (width, round(image.height * width / image.width))
    return image.resize(size, Image.Resampling.LANCZOS)


def pillow(make: _Make, data: bytes) -> tuple[float, int]:
    """Median seconds and peak bytes of `make`, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (make, data))


def _timed(make: _Make, data: bytes) -> tuple[float, int]:
    os.nice(5)  # as the darkroom is, so that a busy machine is as busy for both
    pillow_heif.register_heif_opener()
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        make(data)
        took.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return statistics.median(took), peak if sys.platform == "darwin" else peak * 1024


def beside(data: bytes) -> tuple[float, int]:
    """Median seconds and peak bytes of the whole intake."""
    took, peaks = [], []
    develop(io.BytesIO(data), limits=Limits())
    for _ in range(ROUNDS):
        start = time.perf_counter()
        peaks.append(develop(io.BytesIO(data), limits=Limits()).peak_bytes)
        took.append(time.perf_counter() - start)
    return statistics.median(took), max(peaks)


def measure(name: str, data: bytes) -> dict[str, object]:
    """Rates and peaks for one photograph, and how many times Pillow's rate ours is."""
    ours, plainly, carefully = beside(data), pillow(plain, data), pillow(careful, data)
    return {
        "photograph": name,
        "bytes": len(data),
        "beside_per_minute": round(60 / ours[0], 1),
        "beside_peak_mb": ours[1] >> 20,
        "pillow_per_minute": round(60 / plainly[0], 1),
        "pillow_peak_mb": plainly[1] >> 20,
        "careful_per_minute": round(60 / carefully[0], 1),
        "careful_peak_mb": carefully[1] >> 20,
        "times_pillow": round(plainly[0] / ours[0], 2),
        "times_careful": round(carefully[0] / ours[0], 2),
    }


def measure_largest() -> Iterator[dict[str, object]]:
    """Seconds and peak memory of a 200-megapixel JPEG, baseline and progressive."""
    image = photograph(LARGEST)
    for name, progressive in (("baseline", False), ("progressive", True)):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=88, progressive=progressive)
        took, peak = beside(buffer.getvalue())
        yield {
            "photograph": f"200 MP {name}",
            "bytes": buffer.tell(),
            "beside_seconds": round(took, 1),
            "beside_peak_mb": peak >> 20,
        }


def tell(row: dict[str, object]) -> None:
    """One line of the table, as soon as it is known."""
    print(
        f"{row['photograph']:14}"
        f"{row['beside_per_minute']:>7} /min {row['beside_peak_mb']:>3} MB"
        f"{row['pillow_per_minute']:>8} /min {row['pillow_peak_mb']:>4} MB"
        f"{row['careful_per_minute']:>8} /min {row['careful_peak_mb']:>4} MB"
        f"{row['times_pillow']:>8} {row['times_careful']:>5}",
        flush=True,
    )


def main() -> None:
    """Measure, print the table, and keep the figures."""
    print(
        f"{'':14}{'Beside':>18}{'Pillow, plain':>20}{'Pillow, careful':>20}{'times':>14}",
        flush=True,
    )
    rows = []
    for size, pixels in SIZES.items():
        image = photograph(pixels)
        for kind in ("JPEG", "HEIC"):
            rows.append(measure(f"{size} {kind}", stored(image, kind)))
            tell(rows[-1])
    for row in measure_largest():
        rows.append(row)
        print(f"{row['photograph']:18}{row['beside_seconds']:>6} s {row['beside_peak_mb']:>4} MB")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
