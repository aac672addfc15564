from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from beside.photos import uploads
from beside.photos.models import Photo
from beside.photos.vault import buckets, keyring
from beside.photos.vault.bucket_places import BucketPlace
from tests import objects
from tests.cli.conftest import as_made, beside, elsewhere, move, place  # noqa: F401
from tests.object_store.faulty import Faulty


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not objects.are_used():
        here = Path(__file__).parent
        for item in items:
            if item.path.is_relative_to(here):
                item.add_marker(pytest.mark.skip(reason="needs BESIDE_TEST_STORE=s3"))


@pytest.fixture
def endpoint() -> str:
    return os.environ["BESIDE_TEST_STORE_ENDPOINT"]


@pytest.fixture
def client(endpoint) -> Any:
    return objects.client_at(endpoint)


@pytest.fixture
def faulty(endpoint, monkeypatch) -> Iterator[Faulty]:
    """Whoever goes through it waits no longer than on a server."""
    monkeypatch.setattr(buckets, "ANSWERS_WITHIN", timedelta(seconds=4))
    monkeypatch.setattr(buckets, "SMALL_WITHIN", timedelta(seconds=2))
    with Faulty(endpoint) as between:
        yield between


@pytest.fixture
def patient(faulty, monkeypatch) -> None:
    """Whoever goes through it waits as long as a slow machine may take, for a fault that isn't about time."""
    for name in ("ANSWERS_WITHIN", "SMALL_WITHIN", "_TRIED_AGAIN_WITHIN"):
        monkeypatch.setattr(buckets, name, timedelta(minutes=1))


def bucket_place(endpoint: str, bucket: str = "store") -> BucketPlace:
    said = objects.settings_at(endpoint)
    return BucketPlace(said[bucket], endpoint, "us-east-1", objects.KEY, objects.SECRET)


@pytest.fixture
def behind(faulty, own_place, db, settings) -> Faulty:
    """A place that reaches both its buckets through the proxy."""
    settings.BESIDE = settings.BESIDE.model_copy(update={"store_endpoint": faulty.endpoint})
    keyring.open_keyring()
    return faulty


def whole_upload(account, content: bytes, *, at) -> Photo:
    upload = uploads.begin(account, len(content), at=at)
    received = 0
    while received < len(content):
        piece = iter([content[received : received + 400_000]])
        received = uploads.receive(
            upload, lambda size, p=piece: next(p, b""), offset=received, at=at
        )
    return Photo.objects.get(pk=upload.pk)
