from __future__ import annotations

import threading
from concurrent.futures import Future
from uuid import uuid4

import pytest

from beside.delivery import sealed_cache
from beside.delivery.sealed_cache import SealedCache
from beside.photos.vault.store import BlobMissing

ENOUGH_S = 60


class Far:
    """A store that counts what is fetched from it."""

    def __init__(self, size: int = 10) -> None:
        self.fetched = []
        self._size = size

    def get(self, blob):
        self.fetched.append(blob)
        return blob.bytes[:1] * self._size


def test_what_was_just_fetched_is_not_fetched_again():
    cache, far, blob = SealedCache(100), Far(), uuid4()

    first, again = cache.get(blob, far.get), cache.get(blob, far.get)

    assert first == again == blob.bytes[:1] * 10
    assert far.fetched == [blob]


def test_the_one_that_was_asked_for_longest_ago_makes_room():
    cache, far = SealedCache(30), Far()
    one, two, three, four = (uuid4() for _ in range(4))
    for blob in (one, two, three, one, four):
        cache.get(blob, far.get)

    for blob in (one, three, four, two):
        cache.get(blob, far.get)

    assert far.fetched == [one, two, three, four, two]


def test_more_than_there_is_room_for_is_passed_on_and_drives_nothing_out():
    cache, small, large = SealedCache(30), Far(), Far(31)
    one, two = uuid4(), uuid4()
    cache.get(one, small.get)

    assert [len(cache.get(two, large.get)) for _ in range(2)] == [31, 31]
    assert large.fetched == [two, two]
    cache.get(one, small.get)
    assert small.fetched == [one]


def test_a_failure_is_not_kept():
    cache, far, blob = SealedCache(100), Far(), uuid4()

    def missing(blob):
        raise BlobMissing(blob)

    with pytest.raises(BlobMissing):
        cache.get(blob, missing)

    assert cache.get(blob, far.get)
    assert far.fetched == [blob]


@pytest.mark.parametrize("fails", [False, True])
def test_those_who_ask_at_once_share_one_fetch_and_what_comes_of_it(fails, monkeypatch):
    waits = threading.Semaphore(0)

    class Watched(Future):
        def result(self, timeout=None):
            waits.release()
            return super().result(timeout)

    monkeypatch.setattr(sealed_cache, "Future", Watched)
    cache, blob, fetched, came = SealedCache(100), uuid4(), [], []
    is_fetching, goes_on = threading.Event(), threading.Event()

    def fetch(blob):
        fetched.append(blob)
        is_fetching.set()
        assert goes_on.wait(ENOUGH_S)
        if fails:
            raise BlobMissing(blob)
        return b"sealed"

    def ask() -> None:
        try:
            came.append(cache.get(blob, fetch))
        except BlobMissing:
            came.append(None)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    assert is_fetching.wait(ENOUGH_S)
    for thread in threads[1:]:
        thread.start()
    assert all(waits.acquire(timeout=ENOUGH_S) for _ in threads[1:])
    goes_on.set()
    for thread in threads:
        thread.join(ENOUGH_S)

    assert fetched == [blob]
    assert came == [None if fails else b"sealed"] * 4


def test_one_that_is_fetched_slowly_holds_up_no_other():
    cache, far, slow, other = SealedCache(100), Far(), uuid4(), uuid4()
    is_fetching, goes_on = threading.Event(), threading.Event()

    def stuck(blob):
        is_fetching.set()
        assert goes_on.wait(ENOUGH_S)
        return b"late"

    thread = threading.Thread(target=lambda: cache.get(slow, stuck))
    thread.start()
    assert is_fetching.wait(ENOUGH_S)

    assert cache.get(other, far.get)
    goes_on.set()
    thread.join(ENOUGH_S)
    assert cache.get(slow, far.get) == b"late"
