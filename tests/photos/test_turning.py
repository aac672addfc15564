from __future__ import annotations

import io
from contextlib import closing
from datetime import timedelta

import pytest
from PIL import Image

from beside.photos import developing, renditions
from beside.photos.developing import develop_next
from beside.photos.hidden import NotYours
from beside.photos.intake import Refusal, Refused
from beside.photos.originals import original
from beside.photos.turning import turn
from tests.cast import NOW
from tests.data import make

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def photo(receive):
    """A photograph of 320 × 240 pixels that is ready: red, green, blue, yellow from the top left."""
    photo = receive(make.jpeg(), at=NOW)
    develop_next(NOW)
    photo.refresh_from_db()
    return photo


def corners(photo):
    rendition = photo.renditions.get(name="jpeg")
    image = Image.open(io.BytesIO(renditions.bytes_of(rendition))).convert("RGB")
    across, down = image.width // 4, image.height // 4
    places = [(x, y) for y in (down, 3 * down) for x in (across, 3 * across)]
    known = {"red": make.RED, "green": make.GREEN, "blue": make.BLUE, "yellow": make.YELLOW}
    seen = [image.getpixel(place) for place in places]
    return [
        min(known, key=lambda name: sum(abs(a - b) for a, b in zip(known[name], one, strict=True)))
        for one in seen
    ]


@pytest.mark.parametrize(
    ("quarters", "size", "wanted"),
    [
        (1, (240, 320), ["blue", "red", "yellow", "green"]),
        (2, (320, 240), ["yellow", "blue", "green", "red"]),
        (-1, (240, 320), ["green", "yellow", "red", "blue"]),
    ],
)
def test_a_press_turns_every_rendition(cast, photo, quarters, size, wanted):
    turn(photo, quarters, by=cast.rose)
    assert develop_next(LATER)

    photo.refresh_from_db()
    assert (photo.state, photo.width, photo.height) == ("ready", *size)
    assert corners(photo) == wanted
    assert not develop_next(LATER)


def test_the_original_stays_as_it_came(cast, photo):
    turn(photo, 1, by=cast.rose)
    develop_next(LATER)

    with closing(original(photo.pk, of=cast.rose).pieces) as pieces:
        assert b"".join(pieces) == make.jpeg()


def test_four_presses_are_none(cast, photo):
    for _ in range(4):
        turn(photo, 1, by=cast.rose)

    assert not develop_next(LATER)


def test_it_turns_on_from_what_the_file_says(cast, receive):
    photo = receive(make.turned(5), at=NOW)
    turn(photo, 1, by=cast.rose)
    develop_next(NOW)

    assert corners(photo) == ["blue", "red", "yellow", "green"]


def test_it_is_shown_until_it_is_turned(cast, photo):
    turn(photo, 1, by=cast.rose)

    photo.refresh_from_db()
    assert photo.state == "ready"
    assert corners(photo) == ["red", "green", "blue", "yellow"]


def test_a_press_while_it_is_turned_is_not_lost(cast, photo, monkeypatch):
    really = developing.develop

    def meanwhile(read, *, limits, quarters):
        turn(photo, 1, by=cast.rose)
        return really(read, limits=limits, quarters=quarters)

    turn(photo, 1, by=cast.rose)
    monkeypatch.setattr(developing, "develop", meanwhile)
    develop_next(LATER)
    monkeypatch.setattr(developing, "develop", really)
    develop_next(LATER)

    assert corners(photo) == ["yellow", "blue", "green", "red"]


def test_a_turn_that_fails_leaves_what_is_shown(cast, photo, monkeypatch):
    def fails(read, *, limits, quarters):
        raise Refused(Refusal.TOO_HARD)

    turn(photo, 1, by=cast.rose)
    monkeypatch.setattr(developing, "develop", fails)
    develop_next(LATER)

    photo.refresh_from_db()
    assert (photo.state, photo.quarters) == ("ready", 0)
    assert corners(photo) == ["red", "green", "blue", "yellow"]
    assert not develop_next(LATER)


def test_only_its_holder_turns_it(cast, photo):
    with pytest.raises(NotYours):
        turn(photo, 1, by=cast.tom)
