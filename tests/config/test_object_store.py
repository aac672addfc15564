from __future__ import annotations

import importlib.util
from pathlib import Path

import obstore
import pytest
from pydantic import ValidationError

from beside.config.env import load
from beside.config.refused_settings import sentences
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.buckets import BucketMisread, answering, bucket_at
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.object_store import ObjectStore
from beside.photos.vault.slots import FolderSlots, slots_at
from beside.photos.vault.store import StoreUnavailable, store_at

SECRET = "a secret that is told to nobody"


def refused(**said: str) -> str:
    with pytest.raises(ValidationError) as wrong:
        load({f"BESIDE_{name}": value for name, value in said.items()})
    return sentences(wrong.value)


def test_without_a_word_everything_is_in_the_data_folder(tmp_path):
    env = load({"BESIDE_DATA": str(tmp_path)})

    assert isinstance(store_at(env.store_place), FolderStore)
    assert isinstance(slots_at(env.keyring_place), FolderSlots)
    assert env.keyring_place == tmp_path / "keyring"


def test_a_store_and_a_keyring_of_its_own_are_reached_in_the_same_way(tmp_path):
    (tmp_path / "secret").write_text(SECRET + "\n")
    env = load(
        {
            "BESIDE_STORE": "s3://photographs/beside",
            "BESIDE_KEYRING": "s3://keyring",
            "BESIDE_STORE_ENDPOINT": "https://s3.example.org",
            "BESIDE_STORE_KEY": "beside",
            "BESIDE_STORE_SECRET_FILE": str(tmp_path / "secret"),
        }
    )

    assert env.store_place == BucketPlace(
        "s3://photographs/beside", "https://s3.example.org", "", "beside", SECRET
    )
    assert env.keyring_place == env.store_place._replace(url="s3://keyring")
    assert isinstance(store_at(env.store_place), ObjectStore)
    assert SECRET not in repr(env.store_place)
    assert SECRET not in repr(env)


def test_a_keyring_may_be_another_folder(tmp_path):
    assert load({"BESIDE_KEYRING": str(tmp_path)}).keyring_place == Path(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "photographs",
        "/srv/photographs",
        "https://s3.example.org/photographs",
        "s3://",
        "s3:///beside",
        f"s3://beside:{SECRET}@photographs",
        "s3://photographs/a b",
        "s3://photographs/../keyring?x",
        "s3://photographs//x",
        "s3://b u/x",
        "s3://photographs:80/x",
    ],
)
def test_what_is_no_bucket_is_refused_in_a_sentence_without_its_secret(url):
    says = refused(STORE=url)

    assert says.startswith("BESIDE_STORE: ")
    assert "bucket's name" in says
    assert SECRET not in says


def test_keys_and_photographs_never_share_a_bucket():
    assert "one of its own" in refused(STORE="s3://all/photographs", KEYRING="s3://all/keyring")
    assert load({"BESIDE_STORE": "s3://all/photographs", "BESIDE_KEYRING": "gs://all"}).keyring


@pytest.mark.parametrize("setting", ["STORE", "KEYRING"])
@pytest.mark.parametrize("part", ["obstore", "botocore"])
def test_a_part_that_is_not_installed_is_named_at_the_start(monkeypatch, setting, part):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "beside.photos.vault.bucket_places.find_spec",
        lambda name: None if name == part else found(name),
    )

    assert "pip install 'beside[objects]'" in refused(**{setting: "s3://photographs"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BucketPlace("s3://keys"), BucketPlace("s3://keys/")),
        (BucketPlace("s3://keys/a"), BucketPlace("S3://keys/a/")),
        (BucketPlace("s3://keys/a"), BucketPlace("s3://keys/a/./b/..")),
        (
            BucketPlace("s3://keys", "https://One.example"),
            BucketPlace("s3://keys", "https://one.example/"),
        ),
        (BucketPlace("s3://keys", key="a"), BucketPlace("s3://keys", key="b", secret="c")),
    ],
)
def test_a_bucket_is_the_same_however_it_is_spelled(one, other):
    assert one.identity == other.identity


def test_the_endpoint_that_the_environment_names_is_one_too(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://one.example/")

    assert (
        BucketPlace("s3://keys").identity
        == BucketPlace("s3://keys", "https://one.example").identity
    )
    assert (
        BucketPlace("s3://keys").identity
        != BucketPlace("s3://keys", "https://two.example").identity
    )
    assert BucketPlace("s3://keys").identity != BucketPlace("s3://keys/a").identity


def test_backups_by_a_key_of_their_own_go_where_the_store_is_unless_an_endpoint_is_named():
    store = {
        "BESIDE_STORE": "s3://photographs",
        "BESIDE_STORE_ENDPOINT": "https://one.example",
        "BESIDE_STORE_REGION": "here",
    }
    own_key = {"BESIDE_BACKUP_KEY": "b", "BESIDE_BACKUP_SECRET": "c"}

    near = load(store | own_key).backup_at("s3://backups")
    away = load(store | own_key | {"BESIDE_BACKUP_ENDPOINT": "https://two.example"}).backup_at(
        "s3://backups"
    )

    assert near == BucketPlace("s3://backups", "https://one.example", "here", "b", "c")
    assert away == BucketPlace("s3://backups", "https://two.example", "", "b", "c")


@pytest.mark.parametrize("of", ["STORE", "BACKUP"])
def test_a_key_without_its_secret_is_refused_and_so_is_a_secret_without_its_key(of):
    assert "belong together" in refused(**{f"{of}_KEY": "beside"})
    says = refused(**{f"{of}_SECRET": SECRET})
    assert "belong together" in says
    assert SECRET not in says


@pytest.mark.parametrize("of", ["STORE", "BACKUP"])
def test_an_endpoint_without_a_scheme_is_refused(of):
    assert f"BESIDE_{of}_ENDPOINT: Write it like" in refused(**{f"{of}_ENDPOINT": "s3.example.org"})


def test_a_keyring_of_spaces_is_refused():
    assert "BESIDE_KEYRING: It is empty" in refused(KEYRING=" ")


def test_an_endpoint_of_the_environment_that_can_not_be_asked_is_a_sentence(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "s3.example.org")

    with pytest.raises(BucketMisread, match="AWS_ENDPOINT_URL"):
        bucket_at(BucketPlace("s3://photographs"))


def test_a_bucket_that_lacks_what_names_it_is_a_sentence(monkeypatch):
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)

    with pytest.raises(BucketMisread, match="Account must be specified"):
        bucket_at(BucketPlace("az://photographs"))


def test_what_stops_the_client_of_a_store_stops_no_worker():
    """Whatever the client's own language calls a panic is no Exception."""
    place = BucketPlace("s3://photographs", "http://a b", "", "key", "secret")

    with pytest.raises(StoreUnavailable), answering(place):
        list(obstore.list(bucket_at(place), None))
