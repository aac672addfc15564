from __future__ import annotations

import os
from types import SimpleNamespace
from uuid import UUID, uuid4

import obstore
import pytest

from beside.photos.vault import object_store
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.store import BlobMissing, StoreUnavailable
from tests.object_store.conftest import bucket_place

NOT_THERE = "refuses, or doesn't answer"


@pytest.fixture
def blobs(endpoint) -> ObjectStore:
    return ObjectStore(bucket_place(endpoint))


@pytest.mark.parametrize("size", [1, 200_000, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 6_000_000])
def test_a_blob_comes_back_as_it_was_put_whole_or_piece_by_piece(blobs, size):
    blob_id, data = uuid4(), os.urandom(size)

    blobs.put(blob_id, data)

    assert blobs.get(blob_id) == data
    read, file = [], blobs.open(blob_id)
    while piece := file.read(300_000):
        read.append(piece)
    assert b"".join(read) == data


def test_a_blob_that_is_not_there_is_missed(blobs):
    with pytest.raises(BlobMissing):
        blobs.get(uuid4())
    with pytest.raises(BlobMissing):
        blobs.open(uuid4())


def test_deleting_twice_does_no_harm(blobs):
    blob_id = uuid4()
    blobs.put(blob_id, b"x")

    blobs.delete(blob_id)
    blobs.delete(blob_id)

    assert list(blobs.ids()) == []


def test_blobs_are_listed_in_order_and_from_any_on(blobs):
    ids = sorted(uuid4() for _ in range(9))
    for blob_id in ids:
        blobs.put(blob_id, b"x")

    assert [found for found, _written in blobs.ids()] == ids
    assert [found for found, _written in blobs.ids(after=ids[4])] == ids[5:]
    assert [found for found, _written in blobs.ids(after=UUID(int=0))] == ids


def test_a_bucket_that_is_not_there_is_a_store_that_is_not_there(endpoint):
    nowhere = ObjectStore(bucket_place(endpoint)._replace(url="s3://nowhere-at-all/x"))

    with pytest.raises(OSError, match=NOT_THERE):
        nowhere.require_there()
    with pytest.raises(OSError, match=NOT_THERE):
        nowhere.put(uuid4(), b"x")


@pytest.mark.usefixtures("patient")
def test_a_store_that_forgets_to_answer_has_written_all_the_same(faulty, endpoint):
    place = bucket_place(faulty.endpoint)
    blob_id, data = uuid4(), os.urandom(1000)
    faulty.forgets = 1

    ObjectStore(place).put(blob_id, data)

    assert ObjectStore(place._replace(endpoint=endpoint)).get(blob_id) == data


@pytest.mark.parametrize("fault", ["stalls", "refuses"])
def test_a_store_that_stalls_or_refuses_says_so_in_a_sentence(faulty, fault):
    blobs = ObjectStore(bucket_place(faulty.endpoint))
    setattr(faulty, fault, True)

    for act in (lambda: blobs.put(uuid4(), b"x"), lambda: blobs.get(uuid4()), blobs.require_there):
        with pytest.raises(StoreUnavailable, match=NOT_THERE):
            act()


def test_a_good_answer_of_the_bucket_counts_for_a_few_seconds_and_a_bad_one_never(
    blobs, monkeypatch
):
    now, asked = [100.0], []
    monkeypatch.setattr(object_store, "time", SimpleNamespace(monotonic=lambda: now[0]))
    answers = iter([StoreUnavailable("here"), None, None])

    def listed():
        asked.append(now[0])
        if wrong := next(answers):
            raise wrong
        return iter(())

    monkeypatch.setattr(blobs, "ids", listed)
    with pytest.raises(StoreUnavailable):
        blobs.require_there()
    for at in (100.0, 104.0, 106.0):
        now[0] = at
        blobs.require_there()

    assert asked == [100.0, 100.0, 106.0]


def test_many_are_deleted_by_few_requests(blobs, monkeypatch):
    ids = [uuid4() for _ in range(25)]
    for blob_id in ids:
        blobs.put(blob_id, b"x")
    asked, really = [], obstore.delete
    monkeypatch.setattr(
        obstore, "delete", lambda bucket, names: asked.append(names) or really(bucket, names)
    )
    monkeypatch.setattr(object_store, "_DELETED_AT_ONCE", 10)

    # One that isn't there keeps none of the others.
    blobs.delete_all([uuid4(), *ids[:-1]])

    assert len(asked) == 3
    assert {blob_id for blob_id, _ in blobs.ids()} & set(ids) == {ids[-1]}


def test_a_store_that_stops_at_one_that_is_missing_deletes_the_others(blobs, monkeypatch):
    ids = [uuid4() for _ in range(3)]
    for blob_id in ids:
        blobs.put(blob_id, b"x")
    really = obstore.delete

    def stopping(bucket, names):
        if isinstance(names, list):
            raise FileNotFoundError(names[0])
        really(bucket, names)

    monkeypatch.setattr(obstore, "delete", stopping)
    blobs.delete_all([uuid4(), *ids])

    assert not {blob_id for blob_id, _ in blobs.ids()} & set(ids)
