"""Make every photograph the tests need, in memory; `python -m tests.data.make FOLDER` writes them."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pyvips
from PIL import Image, ImageDraw, PngImagePlugin

pillow_heif.register_heif_opener()

CANARY = b"BESIDE-CANARY"
RED, GREEN, BLUE, YELLOW = (200, 40, 40), (40, 160, 60), (50, 70, 200), (230, 210, 60)
# What must be done to the upright scene so that EXIF's orientation undoes it.
_STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """Four quarters, each of a colour: red, green, blue, yellow from the top left."""
    image = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(image)
    across, down = max(1, width // 2), max(1, height // 2)
    draw.rectangle((across, 0, width, down - 1), GREEN)
    draw.rectangle((0, down, across - 1, height), BLUE)
    draw.rectangle((across, down, width, height), YELLOW)
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(width: int = 320, height: int = 240) -> bytes:
    return saved(scene(width, height), quality=92)


def turned(orientation: int, kind: str = "JPEG") -> bytes:
    """The scene, upright only once `orientation` is obeyed (0 and 9 are no orientation)."""
    image = scene()
    if orientation in _STORED_AS:
        image = image.transpose(_STORED_AS[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(image, kind, exif=exif.tobytes(), quality=92)


def turned_heic() -> bytes:
    """EXIF says 6 and pillow-heif writes it as `irot` too, as phones do: to be turned once."""
    image = scene().transpose(_STORED_AS[6])
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(image, "HEIF", exif=exif.tobytes(), quality=85)


def turned_by_exif_alone() -> bytes:
    """A HEIC as some phones write it: EXIF says 6, and no property of the file says anything."""
    image = scene().transpose(_STORED_AS[6])
    image.info["exif"] = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0" + bytes(4)
    file = pillow_heif.HeifFile()
    file.add_frombytes(image.mode, image.size, image.tobytes())
    file[0].info["exif"] = image.info["exif"]
    buffer = io.BytesIO()
    file.save(buffer, quality=85, exif=image.info["exif"])
    return buffer.getvalue()


def wide(kind: str) -> bytes:
    """A picture of 5000 × 40 pixels, wider than the largest rendition but one."""
    image = scene(5000, 40)
    return _heic(image) if kind == "HEIF" else saved(image, kind)


def heic() -> bytes:
    return _heic(scene(), chroma=444)


def avif() -> bytes:
    return saved(scene(), "AVIF", quality=95, subsampling="4:4:4")


def _heic(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=85, **options)
    return buffer.getvalue()


# Metadata, with a marker in each place it can hide in.


def _exif() -> bytes:
    """A whole EXIF block: words, a maker's note, a place, and a thumbnail that tells."""
    thumbnail = saved(scene(64, 48), comment=CANARY + b"-THUMBNAIL") + CANARY + b"-BEHIND"
    words = CANARY + b"-DESCRIPTION\0"
    note = CANARY + b"-MAKERNOTE\0"
    place = struct.pack("<6I", 51, 1, 30, 1, 0, 1)
    first = 8
    second = first + 2 + 12 * 3 + 4
    exif_at = second + 2 + 12 * 2 + 4
    gps_at = exif_at + 2 + 12 + 4
    words_at = gps_at + 2 + 12 * 2 + 4
    note_at = words_at + len(words)
    place_at = note_at + len(note)
    thumbnail_at = place_at + len(place)
    return b"".join((
        b"Exif\0\0II*\0", struct.pack("<I", first),
        struct.pack("<H", 3),
        struct.pack("<HHII", 0x010E, 2, len(words), words_at),
        struct.pack("<HHII", 0x8769, 4, 1, exif_at),
        struct.pack("<HHII", 0x8825, 4, 1, gps_at),
        struct.pack("<I", second),
        struct.pack("<H", 2),
        struct.pack("<HHII", 0x0201, 4, 1, thumbnail_at),
        struct.pack("<HHII", 0x0202, 4, 1, len(thumbnail)),
        struct.pack("<I", 0),
        struct.pack("<HHHII", 1, 0x927C, 7, len(note), note_at), struct.pack("<I", 0),
        struct.pack("<H", 2),
        struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0"),
        struct.pack("<HHII", 2, 5, 3, place_at),
        struct.pack("<I", 0),
        words, note, place, thumbnail,
    ))  # fmt: skip


def _xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="' + CANARY + b'-XMP"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def telling_jpeg() -> bytes:
    """A JPEG with a marker in every place that can hold words."""
    caption = CANARY + b"-IPTC"
    iptc = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    blocks = (
        _segment(0xE1, _exif()),
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp()),
        _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc),
        _segment(0xE5, CANARY + b"-APP5"),
        _segment(0xEB, CANARY + b"-APP11"),
        _segment(0xFE, CANARY + b"-COMMENT"),
    )
    plain = jpeg()
    return plain[:2] + b"".join(blocks) + plain[2:] + CANARY + b"-TRAILER"


def chunk(name: bytes, data: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def telling_png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", (CANARY + b"-TEXT").decode())
    text.add_text("Comment", (CANARY + b"-ZTXT").decode(), zip=True)
    text.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    plain = saved(scene(), "PNG", pnginfo=text, exif=_exif())
    return plain[:33] + chunk(b"prVt", CANARY + b"-PRIVATE") + plain[33:] + CANARY + b"-TRAILER"


def telling_webp() -> bytes:
    return saved(scene(), "WEBP", exif=_exif(), xmp=_xmp(), quality=90) + CANARY + b"-TRAILER"


def telling_avif() -> bytes:
    return saved(scene(), "AVIF", exif=_exif(), xmp=_xmp(), quality=85)


def telling_heic() -> bytes:
    image = scene()
    image.info["exif"] = _exif()
    image.info["xmp"] = _xmp()
    return _heic(image)


# Colour.


def display_p3(kind: str = "JPEG") -> bytes:
    """A patch of (51, 204, 77) in Display P3."""
    profile = pyvips.Image.profile_load("p3")
    return saved(Image.new("RGB", (64, 64), (51, 204, 77)), kind, icc_profile=profile, quality=95)


def display_p3_heic() -> bytes:
    image = Image.new("RGB", (64, 64), (51, 204, 77))
    image.info["icc_profile"] = pyvips.Image.profile_load("p3")
    return _heic(image, chroma=444)


def sixteen_bits() -> bytes:
    """A PNG of 16 bits a channel, of (200, 100, 50)."""
    row = b"\0" + struct.pack(">3H", 200 * 257, 100 * 257, 50 * 257) * 64
    header = struct.pack(">IIBBBBB", 64, 64, 16, 2, 0, 0, 0)
    return _png(header, zlib.compress(row * 64))


def _png(header: bytes, pixels: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def png_with(*chunks: tuple[bytes, bytes], pixel: tuple[int, int, int] = (200, 40, 40)) -> bytes:
    """A PNG of one colour, with these chunks before its pixels."""
    plain = saved(Image.new("RGB", (64, 64), pixel), "PNG")
    return plain[:33] + b"".join(chunk(*each) for each in chunks) + plain[33:]


def cmyk() -> bytes:
    return saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), quality=95)


def see_through() -> bytes:
    """A PNG of which nothing is opaque: what lies under it must be paper, not black."""
    return saved(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")


def grey() -> bytes:
    return saved(Image.new("L", (64, 64), 128))


def twelve_bits() -> bytes:
    """A JPEG whose header says 12 bits a channel, which no decoder here can read."""
    plain = jpeg()
    frame = plain.index(b"\xff\xc0")
    return (
        plain[: frame + 1] + b"\xc1" + plain[frame + 2 : frame + 4] + b"\x0c" + plain[frame + 5 :]
    )


# More than one picture.


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def motion_jpeg() -> bytes:
    """A motion photograph: a film behind the picture, as phones write it."""
    return jpeg() + film() + CANARY


def several_heic() -> bytes:
    file = pillow_heif.from_pillow(scene())
    file.add_from_pillow(Image.new("RGB", (64, 64), BLUE))
    buffer = io.BytesIO()
    file.save(buffer, quality=85)
    return buffer.getvalue()


# Damage.


def cut(whole: bytes, share: float) -> bytes:
    return whole[: int(len(whole) * share)]


def noisy_jpeg() -> bytes:
    """Large enough in bytes to be cut in the middle of its rows."""
    noise = Image.effect_noise((640, 480), 60).convert("RGB")
    return saved(noise, quality=90)


def progressive_jpeg() -> bytes:
    noise = Image.effect_noise((320, 240), 60).convert("RGB")
    return saved(noise, quality=90, progressive=True)


def padded_jpeg(plain: bytes, before: int, times: int = 3) -> bytes:
    """`plain` with stray bytes before the marker with this code."""
    at = plain.index(bytes((0xFF, before)), 4)
    return plain[:at] + bytes(times) + plain[at:]


def noisy_png() -> bytes:
    return saved(Image.effect_noise((320, 240), 60).convert("RGB"), "PNG")


# Bombs: few bytes, very many pixels.


def png_bomb() -> bytes:
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return _png(header, zlib.compress(bytes(1_000_000)))


def jpeg_bomb() -> bytes:
    plain = jpeg()
    frame = plain.index(b"\xff\xc0")
    return plain[: frame + 5] + struct.pack(">HH", 64_000, 64_000) + plain[frame + 9 :]


def webp_bomb() -> bytes:
    plain = saved(scene(16, 16), "WEBP", lossless=True)
    start = plain.index(b"VP8L") + 9
    size = struct.pack("<I", (16_383 - 1) | (16_383 - 1) << 14)
    return plain[:start] + size + plain[start + 4 :]


def text_bomb() -> bytes:
    """A text chunk of 32 MB in 32 KB."""
    plain = saved(scene(), "PNG")
    return plain[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 25))) + plain[33:]


# Two things at once, and things under a wrong name.


def polyglots() -> dict[str, bytes]:
    """Photographs that are something else as well; as photographs they are fine."""
    plain, png = jpeg(), saved(scene(), "PNG")
    script = b"<html><script>alert(1)</script></html>"
    return {
        "html-in-comment.jpg": plain[:2] + _segment(0xFE, script) + plain[2:],
        "zip-behind.jpg": plain + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
        "pdf-inside.png": png[:33] + chunk(b"tEXt", b"a\0%PDF-1.4\n1 0 obj") + png[33:],
        "svg-inside.png": png[:33] + chunk(b"tEXt", b"a\0" + svg()) + png[33:],
        "php-behind.webp": saved(scene(), "WEBP") + b"<?php system($_GET[0]); ?>",
    }


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'


def film() -> bytes:
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + struct.pack(">I", 16) + b"mdat" + bytes(8)


def films() -> dict[str, bytes]:
    return {
        "film.mp4": film(),
        "film.mov": film().replace(b"mp42", b"qt  "),
        "film.webm": b"\x1a\x45\xdf\xa3" + bytes(32),
        "film.avi": b"RIFF" + bytes(4) + b"AVI LIST" + bytes(32),
    }


def not_photographs() -> dict[str, bytes]:
    """Formats that libvips or Pillow could read, and must not; most under a photograph's name."""
    small = scene(16, 16)
    return {
        "drawing.svg": svg(),
        "drawing.jpg": svg(),
        "page.png": b"<!doctype html><title>no</title>",
        "moving.gif": saved(small, "GIF"),
        "scan.tiff": saved(small, "TIFF"),
        "old.bmp": saved(small, "BMP"),
        "print.jpg": b"%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        "letter.pdf": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n",
        "magick.jpg": b"push graphic-context\nviewbox 0 0 9 9\npop graphic-context\n",
        "wavelet.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(32),
        "next.jxl": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(32),
        "sheet.csv": b"1,2,3\n4,5,6\n",
        "range.hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\n" + bytes(4),
        "archive.heic": b"PK\x03\x04" + bytes(64),
    }


def everything() -> dict[str, bytes]:
    """All of them by name, as `python -m tests.data.make` writes them."""
    plain: dict[str, Callable[[], bytes]] = {
        "plain.jpg": jpeg, "turned.heic": turned_heic, "telling.jpg": telling_jpeg,
        "telling.png": telling_png, "telling.webp": telling_webp, "telling.avif": telling_avif,
        "telling.heic": telling_heic, "p3.jpg": display_p3, "p3.heic": display_p3_heic,
        "sixteen-bits.png": sixteen_bits, "cmyk.jpg": cmyk, "see-through.png": see_through,
        "grey.jpg": grey, "motion.jpg": motion_jpeg, "several.heic": several_heic,
        "bomb.png": png_bomb, "bomb.jpg": jpeg_bomb, "bomb.webp": webp_bomb,
        "text-bomb.png": text_bomb,
    }  # fmt: skip
    made = {name: make() for name, make in plain.items()}
    made |= {f"turned-{turn}.jpg": turned(turn) for turn in range(10)}
    made |= {"animated.webp": animated("WEBP"), "animated.png": animated("PNG")}
    made |= {"cut.jpg": cut(noisy_jpeg(), 0.6), "cut.png": cut(noisy_png(), 0.6)}
    made |= {"cut.heic": cut(telling_heic(), 0.6), "jpeg-named.heic": jpeg()}
    return made | polyglots() | films() | not_photographs()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in everything().items():
        (folder / name).write_bytes(data)
        print(f"{name:24}{len(data):>10,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
