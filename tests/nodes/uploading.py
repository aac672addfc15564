"""A photograph that goes to one node after another, as a phone sends it."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image

from tests.nodes.several import Answer, Door

BYTES = "application/offset+octet-stream"


@lru_cache
def picture() -> bytes:
    """A photograph that takes more than one piece."""
    file = io.BytesIO()
    Image.effect_noise((1200, 1200), 90).save(file, "JPEG", quality=98)
    return file.getvalue()


def begin(door: Door, cookie: str, *, sent: int) -> str:
    """Send so many bytes of the picture. Returns where the rest goes."""
    answer = door.ask(
        "/uploads/",
        cookie,
        method="POST",
        body=picture()[:sent],
        Content_Type=BYTES,
        Upload_Length=str(len(picture())),
        Tus_Resumable="1.0.0",
    )
    assert answer.status == 201
    return answer.headers["Location"]


def arrived(door: Door, where: str, cookie: str) -> int:
    """How much of it is here, as the phone is told."""
    answer = door.ask(where, cookie, method="HEAD", Tus_Resumable="1.0.0")
    return int(answer.headers["Upload-Offset"])


def send_rest(door: Door, where: str, cookie: str, *, offset: int) -> Answer:
    """Send what is missing from `offset` on."""
    return door.ask(
        where,
        cookie,
        method="PATCH",
        body=picture()[offset:],
        Content_Type=BYTES,
        Upload_Offset=str(offset),
        Tus_Resumable="1.0.0",
    )


def go_on(door: Door, where: str, cookie: str) -> bool:
    """Ask how much is here and send the rest, as a phone does. Whether all of it has arrived then."""
    offset = arrived(door, where, cookie)
    return send_rest(door, where, cookie, offset=offset).status == 204


def original(where: str) -> str:
    """Where its uploader gets it back."""
    return f"/originals/{where.rstrip('/').rpartition('/')[2]}/"
