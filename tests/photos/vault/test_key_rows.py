from __future__ import annotations

import pytest
from django.db import transaction

from beside.photos.models import AuthorKey, Hold
from beside.photos.vault import key_rows
from beside.photos.vault.destroying import destroy
from beside.photos.vault.key_rows import KeysLeftOver
from beside.photos.vault.wrapping import WRAPPED_BYTES
from tests.cast import NOW
from tests.photos.vault.family import every_wrapped_key, photograph


def test_authors_and_holds_are_what_django_reads(ring, cast):
    photograph(cast.rose, cast.tom)

    with transaction.atomic():
        assert key_rows.authors() == {
            row.account_id.hex: bytes(row.wrapped) for row in AuthorKey.objects.all()
        }
        assert key_rows.holds_of(cast.tom.pk.hex) == wrapped_of(cast.tom)


def test_each_row_is_given_its_own_key(ring, cast):
    photograph(cast.rose, cast.tom)
    keys = {account: bytes([place]) * WRAPPED_BYTES for place, account in enumerate(key_rows_of())}

    with transaction.atomic():
        key_rows.replace_authors(keys)

    assert key_rows_of() == keys


def test_each_hold_is_given_its_own_key_and_other_authors_keep_theirs(ring, cast):
    photograph(cast.rose, cast.tom)
    others = wrapped_of(cast.rose)
    keys = {hold: hold.encode().ljust(WRAPPED_BYTES) for hold in wrapped_of(cast.tom)}

    with transaction.atomic():
        key_rows.replace_holds(cast.tom.pk.hex, keys)

    assert wrapped_of(cast.tom) == keys
    assert wrapped_of(cast.rose) == others


def test_nothing_is_replaced_where_there_are_other_rows_than_keys(ring, cast):
    photograph(cast.rose, cast.tom)
    before = every_wrapped_key()
    more = {**key_rows_of(), "0" * 32: bytes(WRAPPED_BYTES)}
    others = {**wrapped_of(cast.rose), "0" * 34: bytes(WRAPPED_BYTES)}

    with pytest.raises(KeysLeftOver), transaction.atomic():
        key_rows.replace_authors(more)
    with pytest.raises(KeysLeftOver), transaction.atomic():
        key_rows.replace_holds(cast.rose.pk.hex, others)

    assert every_wrapped_key() == before


def test_no_author_is_left_with_the_key_of_before(ring, cast, monkeypatch):
    lost, _keys = photograph(cast.rose, cast.tom)
    before = every_wrapped_key()
    every = key_rows.authors
    monkeypatch.setattr(key_rows, "authors", lambda: dict(list(every().items())[:1]))

    with pytest.raises(KeysLeftOver):
        destroy(Hold.objects.filter(photo=lost), at=NOW)

    assert every_wrapped_key() == before


def key_rows_of() -> dict[str, bytes]:
    return {row.account_id.hex: bytes(row.wrapped) for row in AuthorKey.objects.order_by("pk")}


def wrapped_of(account) -> dict[str, bytes]:
    holds = Hold.objects.filter(account=account)
    return {f"{row.photo_id.hex}{row.kind:02x}": bytes(row.wrapped) for row in holds}
