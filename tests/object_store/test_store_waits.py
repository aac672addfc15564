from __future__ import annotations

import os
from uuid import uuid4

import obstore
import pytest
from django.db import connection, transaction

from beside.config.database_connections import give_back
from beside.photos.models import Photo
from beside.photos.vault.store import store
from beside.photos.vault.store_waits import before_waiting


@pytest.fixture
def seen(own_place, transactional_db, monkeypatch):
    """Whether this thread had a connection to the database each time that it waited for the store."""
    held, before = [], before_waiting(give_back)

    def watched(act):
        def acting(*args, **how):
            held.append(connection.connection is not None)
            return act(*args, **how)

        return acting

    for name in ("put", "get", "delete"):
        monkeypatch.setattr(obstore, name, watched(getattr(obstore, name)))
    yield held
    before_waiting(before)


def test_whoever_waits_for_the_store_keeps_no_connection_to_the_database(seen):
    blob, data = uuid4(), os.urandom(1000)

    for act in (
        lambda: store().put(blob, data),
        lambda: store().get(blob),
        lambda: store().delete(blob),
    ):
        list(Photo.objects.all())
        act()

    assert seen == [False, False, False]


def test_within_a_transaction_it_is_kept(seen):
    with transaction.atomic():
        list(Photo.objects.all())
        store().put(uuid4(), b"x")
        assert Photo.objects.count() == 0

    assert seen == [True]
