from __future__ import annotations

from contextlib import closing

import pytest

from beside.photos import hidden, originals
from beside.photos.hidden import NotYours
from beside.photos.models import Hold
from beside.photos.vault.destroying import destroy
from beside.photos.vault.sealing import SEGMENT_BYTES
from tests.cast import NOW

CONTENT = bytes(SEGMENT_BYTES + 1)


@pytest.fixture
def photo(receive):
    return receive(CONTENT, at=NOW)


def test_its_holder_gets_the_original_byte_for_byte(cast, photo):
    found = originals.original(photo.pk, of=cast.rose)

    with closing(found.pieces) as pieces:
        assert b"".join(pieces) == CONTENT
    assert found.size == len(CONTENT)


def test_nobody_else_gets_it(cast, photo):
    with pytest.raises(NotYours):
        originals.original(photo.pk, of=cast.tom)


def test_what_is_closed_for_its_holder_is_refused_until_they_open_it(cast, photo):
    hidden.hold(photo, account=cast.rose, at=NOW)
    with pytest.raises(NotYours):
        originals.original(photo.pk, of=cast.rose)

    hidden.release(photo, account=cast.rose)

    originals.original(photo.pk, of=cast.rose).pieces.close()


ENDINGS = {
    "closed for me": lambda cast, photo: hidden.hold(photo, account=cast.rose, at=NOW),
    "destroyed": lambda cast, photo: destroy(Hold.objects.filter(photo=photo), at=NOW),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_asked_again_before_each_piece(cast, photo, ending):
    with closing(originals.original(photo.pk, of=cast.rose).pieces) as pieces:
        first = next(pieces)

        ENDINGS[ending](cast, photo)

        with pytest.raises(NotYours):
            next(pieces)
    assert first == CONTENT[:SEGMENT_BYTES]


def test_the_caller_can_end_it_before_any_piece(cast, photo):
    def end() -> None:
        raise InterruptedError

    pieces = originals.original(photo.pk, of=cast.rose, before_each=end).pieces
    with closing(pieces), pytest.raises(InterruptedError):
        next(pieces)
