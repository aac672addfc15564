from __future__ import annotations

import threading

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from beside.access import capability
from beside.access.policy import Viewer, photographs_of
from beside.front import turns as turns_module
from beside.front.turns import Turns
from beside.photos.vault.store import store
from tests.cast import bytes_of, make_post, make_sealed_photo
from tests.delivery.client import ask

ENOUGH_S = 60


class Disk:
    """Reads one file of the store only after `answer` was called."""

    def __init__(self, blob, read) -> None:
        self._blob, self._read = blob, read
        self.is_hanging, self._answers = threading.Event(), threading.Event()

    def get(self, place, blob_id):
        if blob_id == self._blob:
            self.is_hanging.set()
            assert self._answers.wait(ENOUGH_S)
        return self._read(place, blob_id)

    def answer(self) -> None:
        self._answers.set()


@pytest.fixture
def hang_on(monkeypatch):
    def hang(photo) -> Disk:
        kind = type(store())
        disk = Disk(photo.renditions.get(name="w480").pk, kind.get)
        monkeypatch.setattr(kind, "get", lambda place, blob: disk.get(place, blob))
        return disk

    return hang


def in_a_thread(act) -> tuple[threading.Thread, list]:
    answers = []

    def run() -> None:
        try:
            answers.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_place")
def test_a_read_that_hangs_holds_up_no_other_photograph(cast, hang_on, monkeypatch):
    # Nobody has to go round it: it isn't read in anybody's turn.
    monkeypatch.setattr(turns_module, "STUCK_AFTER_S", 3600)
    hung, other = make_sealed_photo(cast.rose), make_sealed_photo(cast.rose)
    post = make_post(cast.rose, photos=[hung, other])
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    rose, now = Viewer(cast.rose.pk, client.session.session_key), timezone.now()
    paths = {
        photo.pk: capability.issue(photo, "w480", viewer=rose, at=now)
        for photo in photographs_of(post, rose, at=now)
    }
    disk = hang_on(hung)
    slow, of_the_slow = in_a_thread(lambda: ask(paths[hung.pk], session=rose.session))
    assert disk.is_hanging.wait(ENOUGH_S)

    quick, of_the_quick = in_a_thread(lambda: ask(paths[other.pk], session=rose.session))
    quick.join(ENOUGH_S)
    still_hanging = slow.is_alive()
    disk.answer()
    slow.join(ENOUGH_S)

    assert still_hanging
    assert of_the_quick[0].body == bytes_of(other, "w480")
    assert of_the_slow[0].body == bytes_of(hung, "w480")


def test_nobody_goes_round_a_thread_that_only_has_a_long_queue_behind_it(monkeypatch):
    # So long no process stands still, and all of the queue takes longer.
    monkeypatch.setattr(turns_module, "STUCK_AFTER_S", 5)
    turns, at_once, most = Turns(), 0, []

    def work() -> None:
        nonlocal at_once
        for _ in range(200):
            with turns.turn():
                at_once += 1
                most.append(at_once)
                at_once -= 1

    threads = [in_a_thread(work)[0] for _ in range(16)]
    for thread in threads:
        thread.join(ENOUGH_S)

    assert max(most) == 1
    assert len(most) == 16 * 200


def test_when_one_is_stuck_the_others_still_take_turns():
    turns, is_stuck, goes_on, seen = Turns(), threading.Event(), threading.Event(), []

    def stay() -> None:
        with turns.turn():
            is_stuck.set()
            goes_on.wait(ENOUGH_S)

    stuck, _ = in_a_thread(stay)
    assert is_stuck.wait(ENOUGH_S)

    for number in range(3):
        with turns.turn():
            seen.append(number)
    goes_on.set()
    stuck.join(ENOUGH_S)

    assert seen == [0, 1, 2]
