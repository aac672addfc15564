from __future__ import annotations

import pytest
from django.conf import settings

from beside.cli.moving.left import (
    LeftBehind,
    keyring_name,
    leave_places,
    places_left,
    require_not_left,
    store_name,
)
from beside.config.env import Env
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def kept(**said: str) -> Env:
    return settings.BESIDE.model_copy(update={"store": "", "keyring": "", **said})


def test_what_was_left_is_refused_and_what_wasnt_isnt():
    leave_places({store_name(kept()), keyring_name(kept())}, at=NOW, alias="default")

    with pytest.raises(LeftBehind, match="Set BESIDE_STORE"):
        require_not_left(kept(keyring="s3://keys"))
    with pytest.raises(LeftBehind, match="Set BESIDE_KEYRING"):
        require_not_left(kept(store="s3://photographs/here"))
    require_not_left(kept(store="s3://photographs/here", keyring="s3://keys"))


def test_a_bucket_is_the_same_with_a_stroke_at_its_end_and_another_at_another_endpoint():
    here = kept(store="s3://photographs/here", store_endpoint="https://one.example")
    leave_places({store_name(here)}, at=NOW, alias="default")

    with pytest.raises(LeftBehind):
        require_not_left(here.model_copy(update={"store": "s3://photographs/here/"}))
    require_not_left(here.model_copy(update={"store_endpoint": "https://two.example"}))


def test_what_version_0_2_0_has_left_is_refused_too():
    here = kept(store="s3://photographs/here", store_endpoint="https://one.example")
    before = "store s3://photographs/here https://one.example"
    leave_places({before}, at=NOW, alias="default")

    with pytest.raises(LeftBehind):
        require_not_left(here)


def test_where_nothing_was_left_there_is_no_row():
    leave_places({"store"}, at=NOW, alias="default")
    leave_places(set(), at=NOW, alias="default")

    assert places_left("default") == set()
    require_not_left(kept())
