from __future__ import annotations

from uuid import uuid4

import pytest
from django.conf import settings

from beside.cli.checks import buckets
from beside.cli.checks.findings import How
from beside.cli.failures.sentences import sentence
from beside.photos.vault.slots import slots
from beside.photos.vault.store import StoreUnavailable

NONCURRENT = {
    "Rules": [
        {
            "ID": "a",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
        }
    ]
}
EXPIRING = {
    "Rules": [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 3}}]
}


@pytest.fixture
def bucket(client):
    """A bucket that a test may do as it likes with."""

    def make(**how) -> str:
        name = f"b-{uuid4().hex}"
        client.create_bucket(Bucket=name, **how)
        return name

    return make


def found(**places: str):
    env = settings.BESIDE.model_copy(update=places)
    return [(one.about, one.how, one.says) for one in buckets.look(env)]


def is_versioned(client, name: str, status: str = "Enabled") -> None:
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})


def has_rule(client, name: str, rule) -> None:
    client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=rule)


def test_buckets_as_they_should_be_are_well(own_place):
    assert {how for _about, how, _says in found()} == {How.WELL}
    assert [about for about, _how, _says in found()] == ["store", "keyring's bucket"]


@pytest.mark.parametrize(
    ("make_it_so", "says"),
    [
        (is_versioned, "keeps earlier versions"),
        (lambda client, name: is_versioned(client, name, "Suspended"), "keeps earlier versions"),
        (lambda client, name: has_rule(client, name, NONCURRENT), "aren't current any more"),
        (lambda client, name: has_rule(client, name, EXPIRING), "every photograph is lost"),
    ],
)
def test_a_bucket_that_keeps_old_keys_is_refused_and_says_why(client, bucket, make_it_so, says):
    name = bucket()
    if says == "keeps earlier versions":
        is_versioned(client, name)
    make_it_so(client, name)

    of_keys = [one for one in found(keyring=f"s3://{name}/x") if one[0] == "keyring's bucket"]

    assert of_keys
    assert all(how == How.WRONG for _about, how, _says in of_keys)
    assert any(says in one for _about, _how, one in of_keys)


def test_a_bucket_that_locks_is_refused(bucket):
    name = bucket(ObjectLockEnabledForBucket=True)

    assert any("may lock objects" in says for _about, _how, says in found(keyring=f"s3://{name}"))


def test_a_bucket_that_deletes_photographs_by_itself_is_refused(client, bucket):
    name = bucket()
    has_rule(client, name, EXPIRING)

    first, rule, *_rest = found(store=f"s3://{name}/x")

    assert first[1] == How.WELL
    assert rule[1] == How.WRONG
    assert "deletes objects by itself" in rule[2]


def test_a_bucket_that_keeps_deleted_photographs_is_worth_a_note(client, bucket):
    name = bucket()
    is_versioned(client, name)

    assert ("store", How.NOTE) in [one[:2] for one in found(store=f"s3://{name}/x")]


def test_a_bucket_that_does_not_say_is_not_called_well(own_place, monkeypatch):
    monkeypatch.setattr(
        "beside.cli.checks.bucket_rules._NONE_THERE", {"NoSuchLifecycleConfiguration"}
    )

    of_keys = [one for one in found() if one[0] == "keyring's bucket"]

    assert [how for _about, how, _says in of_keys] == [How.NOTE]
    assert "doesn't say whether" in of_keys[0][2]


@pytest.mark.parametrize("fault", ["stalls", "refuses"])
def test_buckets_that_cannot_be_reached_are_named(behind, fault):
    setattr(behind, fault, True)

    assert [how for _about, how, _says in found()] == [How.WRONG, How.WRONG]
    assert all("refuses, or doesn't answer" in says for _about, _how, says in found())


@pytest.mark.usefixtures("patient")
def test_a_command_whose_store_refuses_says_so_and_is_no_traceback(behind):
    behind.refuses = True

    with pytest.raises(StoreUnavailable) as away:
        slots().names()

    assert "refuses, or doesn't answer" in (sentence(away.value) or "")
