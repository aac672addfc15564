"""What a person meets, and what a worker does, while the store does wrong."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from beside.access import consents
from beside.access.policy import Viewer
from beside.cli.verification.progress import Progress
from beside.cli.verify import prove
from beside.photos import uploads, worker_beats
from beside.photos.models import Photo
from beside.photos.vault import keyring
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.store import store
from beside.photos.vault.sweeping import GRACE, Swept, sweep
from tests.cast import NOW, bytes_of, make_circle, make_post, make_sealed_photo
from tests.delivery.client import ask
from tests.delivery.test_delivery import address
from tests.object_store.conftest import whole_upload
from tests.serving import until

FAULTS = pytest.mark.parametrize("fault", ["stalls", "refuses"])
LATER = timedelta(days=2)


@pytest.fixture
def signed_in(cast) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@FAULTS
def test_a_photograph_is_not_sent_and_the_log_says_why(behind, cast, fault, caplog):
    photo = make_sealed_photo(cast.rose)
    family = make_circle(cast.rose, of=[cast.nan])
    make_post(cast.rose, cast.tom, words_for=[family], photographs_for=[family], photos=[photo])
    client = Client()
    client.force_login(cast.nan, backend=settings.AUTHENTICATION_BACKENDS[0])
    nan = Viewer(cast.nan.pk, client.session.session_key)
    consents.give(nan, photo.placed.post_id, at=timezone.now())
    keyring._keyring.cache_clear()
    setattr(behind, fault, True)

    unsent = ask(address(photo, nan), session=nan.session)
    setattr(behind, fault, False)

    assert unsent.status == 503
    assert "a photograph was not sent" in caplog.text
    path = address(photo, nan)
    until(lambda: ask(path, session=nan.session).body == bytes_of(photo, "w480"))


@FAULTS
def test_a_phone_that_uploads_is_told_to_try_again(behind, cast, signed_in, fault):
    upload = uploads.begin(cast.rose, 1000, at=timezone.now())
    setattr(behind, fault, True)

    answer = signed_in.patch(
        f"/uploads/{upload.pk}/",
        os.urandom(1000),
        content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )

    assert answer.status_code == 503
    assert "still on your phone" in answer.content.decode()


@FAULTS
def test_an_original_that_cannot_be_read_now_is_a_page_that_says_so(behind, cast, signed_in, fault):
    photo = whole_upload(cast.rose, os.urandom(1000), at=NOW)
    setattr(behind, fault, True)

    answer = signed_in.get(f"/originals/{photo.pk}/")

    assert answer.status_code == 503
    assert "Traceback" not in answer.content.decode()


@FAULTS
def test_a_node_without_its_store_is_not_ready(behind, cast, fault, client):
    settings.BESIDE.data.mkdir(exist_ok=True)
    worker_beats.beat(settings.BESIDE.data, at=timezone.now())
    before = Client().get("/healthz")
    setattr(behind, fault, True)
    keyring._keyring.cache_clear()

    assert before.status_code == 200
    assert Client().get("/healthz").status_code == 503


@pytest.mark.usefixtures("patient")
def test_a_store_that_lists_late_loses_nothing_and_nothing_is_called_lost(
    behind, cast, transactional_db
):
    old = uuid4()
    store().put(old, b"noise")
    behind.lists_late = True
    list(store().ids())
    photo = whole_upload(cast.rose, os.urandom(3000), at=NOW)

    first = sweep(store(), at=timezone.now() + LATER)
    again = sweep(store(), at=timezone.now() + LATER)
    found = list(prove(Progress(), quietly=True))

    assert (first, again) == (Swept(1, 0), Swept(1, 0))
    assert [one for one in found if not one.is_leftover] == []
    assert [one.about for one in found] == [f"file {old}"]
    behind.lists_late = False
    assert photo.original_blob in {blob for blob, _written in store().ids()}
    assert LATER > GRACE


@pytest.mark.usefixtures("patient")
def test_what_was_put_and_not_yet_named_is_left_alone_however_early_it_is_listed(behind, cast):
    blob_id = uuid4()
    ObjectStore(settings.BESIDE.store_place).put(blob_id, b"noise")

    assert sweep(store(), at=timezone.now()) == Swept(0, 0)
    assert Photo.objects.count() == 0
    assert [found for found, _written in store().ids()] == [blob_id]
