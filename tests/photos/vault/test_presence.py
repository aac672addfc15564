from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from beside.cli.process.usable_place import PhotographsElsewhere, require_photographs
from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault import presence
from beside.photos.vault import store as vault_store
from beside.photos.vault.destroying import destroy
from beside.photos.vault.presence import lacks_newest
from beside.photos.vault.store import Store, StoreUnavailable
from tests import objects
from tests.cast import NOW
from tests.photos.vault.family import SHOWN, photograph


@pytest.fixture
def store(place, ring) -> Store:
    return vault_store.store()


def developed(holder) -> UUID:
    """The blob that a photograph's one rendition is in."""
    photo, _keys = photograph(holder)
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.READY, width=640, height=480)
    return Rendition.objects.create(
        photo=photo, name="w640", media_type="image/avif", width=640, height=480, stored_bytes=5
    ).pk


def in_store(holder, store: Store) -> UUID:
    blob = developed(holder)
    store.put(blob, b"noise")
    return blob


def test_without_photographs_any_store_may_be_the_one(store):
    assert not lacks_newest(store)
    require_photographs()


def test_it_is_the_one_that_the_photographs_are_in(store, cast):
    in_store(cast.rose, store)

    assert not lacks_newest(store)
    require_photographs()


def test_an_empty_one_is_not(store, cast):
    developed(cast.rose)

    assert lacks_newest(store)
    with pytest.raises(PhotographsElsewhere, match=r"None of the newest.*photographs-lost"):
        require_photographs()


def test_another_places_is_not(store, cast):
    developed(cast.rose)
    store.put(uuid4(), b"another's")

    assert lacks_newest(store)


def test_some_may_be_lost(store, cast):
    for _ in range(presence._NEWEST - 1):
        developed(cast.rose)
    in_store(cast.rose, store)

    assert not lacks_newest(store)


def test_what_was_taken_back_need_not_be_there(store, cast):
    developed(cast.rose)
    destroy(Hold.objects.filter(kind=SHOWN), at=NOW)

    assert not lacks_newest(store)


def test_what_is_turned_or_destroyed_meanwhile_proves_nothing(store, cast, monkeypatch):
    developed(cast.rose)

    def has(_store, blob):
        Rendition.objects.filter(pk=blob).delete()
        return False

    monkeypatch.setattr(presence, "_has", has)

    assert not lacks_newest(store)


def test_a_store_that_does_not_answer_stops_nothing(store, cast, monkeypatch):
    developed(cast.rose)

    def get(_self, _blob):
        raise StoreUnavailable("s3://away")

    monkeypatch.setattr(type(store), "get", get)

    require_photographs()


def test_the_host_may_say_that_they_are_lost(store, cast, place):
    developed(cast.rose)
    place.mkdir(exist_ok=True)
    (place / "photographs-lost").touch()

    require_photographs()


@pytest.mark.skipif(not objects.are_used(), reason="a bucket has secrets")
def test_the_sentence_names_no_secret(store, cast, settings):
    developed(cast.rose)

    with pytest.raises(PhotographsElsewhere) as elsewhere:
        require_photographs()

    assert settings.BESIDE.store in str(elsewhere.value)
    assert settings.BESIDE.store_secret.get_secret_value() not in str(elsewhere.value)
