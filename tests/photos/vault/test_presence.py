from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from beside.cli.process.usable_place import (
    PhotographsElsewhere,
    give_up_photographs,
    require_photographs,
)
from beside.photos.models import Hold, Photo, Rendition
from beside.photos.vault import presence
from beside.photos.vault import store as vault_store
from beside.photos.vault.destroying import destroy
from beside.photos.vault.presence import lacks_photographs
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
    assert not lacks_photographs(store, after=None)
    require_photographs()


def test_it_is_the_one_that_the_photographs_are_in(store, cast):
    in_store(cast.rose, store)

    assert not lacks_photographs(store, after=None)
    require_photographs()


def test_an_empty_one_is_not(store, cast):
    developed(cast.rose)

    assert lacks_photographs(store, after=None)
    with pytest.raises(PhotographsElsewhere, match=r"None of the.*--without-photographs"):
        require_photographs()


def test_another_places_is_not(store, cast):
    for _ in range(presence._ENOUGH):
        developed(cast.rose)
    store.put(uuid4(), b"another's")

    assert lacks_photographs(store, after=None)


def test_all_of_a_few_may_be_lost(store, cast):
    developed(cast.rose)
    store.put(uuid4(), b"an original")

    assert not lacks_photographs(store, after=None)


@pytest.mark.parametrize("day", [-1, 1])
def test_all_newer_or_all_older_ones_may_be_lost(store, cast, day):
    for _ in range(max(presence.NEWEST, presence.OLDEST) + 1):
        developed(cast.rose)
    kept = in_store(cast.rose, store)
    Photo.objects.filter(renditions=kept).update(uploaded_at=NOW + timedelta(days=day))

    assert not lacks_photographs(store, after=None)


def test_what_was_taken_back_need_not_be_there(store, cast):
    developed(cast.rose)
    destroy(Hold.objects.filter(kind=SHOWN), at=NOW)

    assert not lacks_photographs(store, after=None)


def test_what_is_turned_or_destroyed_meanwhile_proves_nothing(store, cast, monkeypatch):
    developed(cast.rose)

    def has(_store, blob):
        Rendition.objects.filter(pk=blob).delete()
        return False

    monkeypatch.setattr(presence, "_has", has)

    assert not lacks_photographs(store, after=None)


def test_a_store_that_does_not_answer_stops_nothing(store, cast, monkeypatch):
    developed(cast.rose)

    def get(_self, _blob):
        raise StoreUnavailable("s3://away")

    monkeypatch.setattr(type(store), "get", get)

    require_photographs()


def test_the_host_may_say_that_they_are_lost(store, cast):
    developed(cast.rose)

    give_up_photographs(at=NOW)
    require_photographs()

    Photo.objects.update(uploaded_at=NOW + timedelta(days=1))
    with pytest.raises(PhotographsElsewhere):
        require_photographs()


@pytest.mark.skipif(not objects.are_used(), reason="a bucket has secrets")
def test_the_sentence_names_no_secret(store, cast, settings):
    developed(cast.rose)

    with pytest.raises(PhotographsElsewhere) as elsewhere:
        require_photographs()

    assert settings.BESIDE.store in str(elsewhere.value)
    assert settings.BESIDE.store_secret.get_secret_value() not in str(elsewhere.value)
