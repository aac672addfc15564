from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from beside.delivery import circuit_breaker
from beside.delivery.circuit_breaker import CircuitBreaker
from beside.delivery.sealed_cache import SealedCache
from beside.photos.vault.store import BlobMissing, StoreUnavailable


class Store:
    """One that takes `takes_s` seconds by a clock of its own, and then raises `fails`, if that is set."""

    def __init__(self, monkeypatch) -> None:
        self.now, self.takes_s = 100.0, 0.0
        self.fails: Exception | None = None
        self.asked: list[UUID] = []
        monkeypatch.setattr(circuit_breaker, "monotonic", lambda: self.now)

    def get(self, blob: UUID) -> bytes:
        self.asked.append(blob)
        self.now += self.takes_s
        if self.fails:
            raise self.fails
        return b"sealed"

    def stall(self) -> None:
        self.takes_s, self.fails = 4.0, StoreUnavailable("s3://somewhere")

    def answer(self) -> None:
        self.takes_s, self.fails = 0.0, None


@pytest.fixture
def store(monkeypatch) -> Store:
    return Store(monkeypatch)


@pytest.fixture
def breaker(store) -> CircuitBreaker:
    return CircuitBreaker(store.get, "s3://somewhere")


def is_refused(breaker: CircuitBreaker) -> bool:
    try:
        breaker.get(uuid4())
    except StoreUnavailable:
        return True
    return False


def test_a_store_that_has_stalled_is_not_asked_again_for_a_second(store, breaker):
    store.stall()
    refused = [is_refused(breaker) for _ in range(500)]

    assert all(refused)
    assert len(store.asked) == 1


def test_after_that_one_asks_and_the_others_are_told_at_once(store, breaker):
    store.stall()
    is_refused(breaker)
    store.now += 1
    others = []

    def meanwhile(blob: UUID) -> bytes:
        others.append(is_refused(breaker))
        return b"sealed"

    breaker._fetch = meanwhile

    assert not is_refused(breaker)
    assert others == [True]


@pytest.mark.parametrize("answer", [None, BlobMissing(uuid4())])
def test_one_that_answers_again_is_asked_by_all(store, breaker, answer):
    store.stall()
    is_refused(breaker)
    store.now += 1
    store.answer()
    store.fails = answer
    with pytest.raises(BlobMissing) if answer else pytest.MonkeyPatch.context():
        breaker.get(uuid4())
    store.answer()

    assert not any(is_refused(breaker) for _ in range(9))


def test_a_try_that_nobody_has_heard_of_keeps_nobody_from_trying(store, breaker):
    """Its thread may have been ended."""
    store.stall()
    is_refused(breaker)
    store.now += 1
    breaker._enter()
    store.answer()
    assert is_refused(breaker)
    store.now += 10

    assert not is_refused(breaker)


def test_a_blob_that_is_refused_at_once_holds_up_no_other(store, breaker):
    store.fails = StoreUnavailable("s3://somewhere")
    assert is_refused(breaker)
    store.answer()

    assert not is_refused(breaker)


def test_what_is_in_memory_is_sent_meanwhile(store, breaker):
    cache, kept = SealedCache(100), uuid4()
    cache.get(kept, breaker.get)
    store.stall()
    is_refused(breaker)

    assert cache.get(kept, breaker.get) == b"sealed"
