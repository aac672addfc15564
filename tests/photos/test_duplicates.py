from __future__ import annotations

import os
from hashlib import sha256

import pytest

from beside.photos import duplicates
from beside.photos.developing import develop_next
from beside.photos.duplicates import PIECE_BYTES, ContentHash
from beside.photos.models import Hold, Photo
from beside.photos.vault.destroying import destroy
from tests.cast import NOW
from tests.data import make


def develop() -> None:
    while develop_next(NOW):
        pass


@pytest.mark.parametrize("length", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES])
@pytest.mark.parametrize("step", [1 << 18, 3_000_001, 9_000_000])
def test_the_hash_of_a_file_is_that_of_its_pieces_hashes(length, step):
    content, found = os.urandom(length), ContentHash()
    for start in range(0, length, step):
        found.update(content[start : start + step])

    pieces = [content[start : start + PIECE_BYTES] for start in range(0, length, PIECE_BYTES)]
    assert found.digest() == sha256(b"".join(sha256(piece).digest() for piece in pieces)).digest()


def test_the_second_copy_of_a_file_is_known_and_both_are_kept(cast, receive):
    first, other, second = (receive(content, at=NOW) for content in twice_and_another())
    develop()
    photos = list(Photo.objects.all())

    assert len(photos) == 3
    assert duplicates.repeated(photos, by=cast.rose) == {max_of(first, second)}
    assert other.pk not in duplicates.repeated(photos, by=cast.rose)


def max_of(*photos: Photo):
    """The one that came later; the two came at the same moment."""
    return max(photo.pk for photo in photos)


def twice_and_another() -> list[bytes]:
    return [make.jpeg(), make.turned(5), make.jpeg()]


def test_it_is_nobody_elses_to_know(cast, receive):
    receive(make.jpeg(), at=NOW)
    receive(make.jpeg(), at=NOW)
    develop()
    photos = list(Photo.objects.all())

    Photo.objects.filter(pk=photos[0].pk).update(uploader=cast.tom)

    assert duplicates.repeated(photos, by=cast.rose) == set()
    assert duplicates.repeated(photos, by=cast.tom) == set()


def test_a_copy_that_was_destroyed_is_not_had_any_more(cast, receive):
    first, _second = receive(make.jpeg(), at=NOW), receive(make.jpeg(), at=NOW)
    develop()

    destroy(Hold.objects.filter(photo=first), at=NOW)

    assert duplicates.repeated(Photo.objects.all(), by=cast.rose) == set()


def test_what_is_kept_is_no_plain_hash_and_differs_for_each_person(cast, receive):
    photo = receive(make.jpeg(), at=NOW)
    develop()
    photo.refresh_from_db()
    content_hash = sha256(sha256(make.jpeg()).digest()).digest()

    kept = bytes(photo.content_digest)

    assert kept == duplicates.digest_of(content_hash, owner=cast.rose.pk)
    assert kept not in (content_hash, sha256(make.jpeg()).digest())
    assert kept != duplicates.digest_of(content_hash, owner=cast.tom.pk)
