from __future__ import annotations

import pytest

from beside.photos import deposits, developing, uploads
from beside.photos.deposits import LinkFull, Terms
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Photo, Upload
from beside.photos.quota import NoRoom
from beside.photos.vault import keyring
from beside.photos.vault.destroying import destroy
from tests.at_once import at_once
from tests.cast import NOW, make_sealed_photo

pytestmark = pytest.mark.django_db(transaction=True)

either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
SHOWN = Hold.objects.filter(kind=Hold.Kind.SHOWN)


@pytest.fixture
def waiting(cast, data) -> Photo:
    """Taken back, so that it waits to be made anew under a key that nobody has yet."""
    photo = make_sealed_photo(cast.rose)
    destroy(SHOWN.all(), at=NOW)
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.RECEIVED)
    return photo


def test_two_workers_take_one_photograph_once(waiting):
    both = at_once(lambda: developing._claim(NOW), lambda: developing._claim(NOW))

    assert (both.first.pk, both.second) == (waiting.pk, None)
    assert Photo.objects.get().attempts == 1


@either_first
def test_an_upload_that_arrives_while_it_is_ended_keeps_its_keys_or_is_gone(
    cast, data, order, monkeypatch
):
    monkeypatch.setattr(uploads.parts, "finish", lambda upload: None)
    upload = uploads.begin(cast.rose, 5, at=NOW)
    acts = [lambda: uploads.arrive(upload, 5), lambda: uploads._end([upload], at=NOW)]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not Upload.objects.exists()
    is_there = Photo.objects.filter(pk=upload.pk).exists()
    assert is_there is (order == 1)
    assert Hold.objects.filter(photo=upload.pk).exists() is is_there


def test_two_workers_make_one_key(waiting):
    both = at_once(
        lambda: keyring.shown_key_or_new(waiting.pk), lambda: keyring.shown_key_or_new(waiting.pk)
    )

    assert both.first == both.second == keyring.shown_key(waiting.pk)
    assert SHOWN.count() == 1


@either_first
def test_a_key_destroyed_while_it_is_given_on_is_gone_for_all_or_given(cast, data, order):
    photo = make_sealed_photo(cast.rose)
    acts = [
        lambda: keyring.add_holder(photo, account=cast.tom),
        lambda: destroy(SHOWN.filter(photo=photo), at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == []
    assert not SHOWN.exists()
    assert keyring.original_key(photo.pk)
    assert Hold.objects.filter(account=cast.tom).count() == 1


def test_two_who_come_through_one_link_at_once_are_not_both_the_last(cast, data):
    link, _secret = deposits.make(cast.rose, Terms("Ingrid", most=1), at=NOW)

    both = at_once(*[lambda: deposits.begin(link, 4, name="", at=NOW)] * 2)

    assert both.raised() == [LinkFull]
    assert Photo.objects.count() == 1


def test_two_processes_that_start_a_place_share_one_epoch(own_place, transactional_db):
    both = at_once(keyring.open_keyring, keyring.open_keyring)

    assert both.raised() == []
    assert both.first.instance == both.second.instance == KeyEpoch.objects.get().instance
    assert both.second.epochs.is_settled(1)


def test_two_first_photographs_of_one_author_have_one_key_above_them(cast, data):
    both = at_once(
        lambda: uploads.begin(cast.rose, 1000, at=NOW),
        lambda: uploads.begin(cast.rose, 1000, at=NOW),
    )

    assert both.raised() == []
    assert AuthorKey.objects.count() == 1
    assert all(keyring.original_key(photo.pk) for photo in Photo.objects.all())


def test_the_last_room_is_taken_once(cast, data, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"room_bytes": 1500})

    both = at_once(
        lambda: uploads.begin(cast.rose, 1000, at=NOW),
        lambda: uploads.begin(cast.rose, 1000, at=NOW),
    )

    assert both.raised() == [NoRoom]
