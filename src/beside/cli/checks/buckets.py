"""Checks of an object store: that it can be read, and that it keeps no key that was destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.photos.vault.bucket_places import BucketPlace
from beside.photos.vault.slots import slots_at
from beside.photos.vault.store import store_at

if TYPE_CHECKING:
    from beside.cli.checks.bucket_rules import Rules

_STORE, _KEYS = "store", "keyring's bucket"
_ASK_YOURSELF = "Look at the bucket's settings yourself: docs/hosting.md says what they must be."
_ANOTHER = "Make a new bucket without it, stop every node, move the slots there, and delete the old bucket."


def look(env: Env) -> Iterator[Finding]:
    """Check the buckets that are set, if any are."""
    if isinstance(env.store_place, BucketPlace):
        yield from _store(env.store_place)
    if isinstance(env.keyring_place, BucketPlace):
        yield from _keyring(env.keyring_place)
    elif isinstance(env.store_place, BucketPlace) and env.database_url and not env.keyring:
        yield note(
            "keyring",
            "The epoch key is in this node's data folder, which no other node can read.",
            "Set BESIDE_KEYRING before you start a second node.",
        )


def _store(place: BucketPlace) -> Iterator[Finding]:
    try:
        store_at(place).require_there()
    except OSError as away:
        yield wrong(
            _STORE, str(away), "Check BESIDE_STORE and its keys, and that the bucket is there."
        )
        return
    yield well(_STORE, f"Sealed photographs are in {place.url}.")
    if place.is_s3:
        yield from _what_it_does_to_blobs(place)


def _what_it_does_to_blobs(place: BucketPlace) -> Iterator[Finding]:
    rules = _rules(place)
    try:
        if rules.deletes():
            yield wrong(
                _STORE,
                f"The bucket {place.bucket} has a rule that deletes objects by itself, and photographs with them.",
                "Remove the rule: Beside deletes what it doesn't need.",
            )
        if rules.has_versions() or rules.has_locks():
            yield note(
                _STORE,
                f"The bucket {place.bucket} keeps what Beside deletes. Without its key that is noise, and it takes room.",
                "Keep it only if it is your guard against losing photographs.",
            )
    except _cannot_ask() as silent:
        yield note(_STORE, str(silent), _ASK_YOURSELF)


def _keyring(place: BucketPlace) -> Iterator[Finding]:
    try:
        slots_at(place).exist()
        kept = list(kept_of_keys(place))
        yield from kept or [well(_KEYS, f"{place.url} keeps nothing of a slot that was replaced.")]
    except OSError as away:
        yield wrong(
            _KEYS, str(away), "Check BESIDE_KEYRING and its keys, and that the bucket is there."
        )


def kept_of_keys(place: BucketPlace) -> Iterator[Finding]:
    """What the bucket of a keyring keeps and shouldn't; or that it doesn't say."""
    if not place.is_s3:
        says = "Whether the bucket keeps earlier versions, copies or locks can only be asked of S3."
        yield note(_KEYS, says, _ASK_YOURSELF)
        return
    try:
        yield from _what_it_keeps(_rules(place), place.bucket)
    except _cannot_ask() as silent:
        yield note(_KEYS, str(silent), _ASK_YOURSELF)


def _what_it_keeps(rules: Rules, bucket: str) -> Iterator[Finding]:
    """Each of these lets somebody open what was destroyed or taken back, with an older copy of the database."""
    for is_so, does in (
        (rules.has_versions(), "keeps earlier versions, or has kept them once"),
        (rules.has_copies(), "is copied to another bucket"),
        (rules.has_locks(), "may lock objects against being replaced"),
        (rules.keeps_old_versions(), "has a rule about versions that aren't current any more"),
    ):
        if is_so:
            yield wrong(
                _KEYS,
                f"The bucket {bucket} {does}, so a key that was destroyed could be read again.",
                _ANOTHER,
            )
    if rules.deletes():
        yield wrong(
            _KEYS,
            f"The bucket {bucket} has a rule that deletes objects by itself; with the slots, every photograph is lost.",
            "Remove the rule.",
        )


def _rules(place: BucketPlace) -> Rules:
    made: Rules = import_string("beside.cli.checks.bucket_rules.Rules")(place)
    return made


def _cannot_ask() -> type[Exception]:
    kind: type[Exception] = import_string("beside.cli.checks.bucket_rules.CannotAsk")
    return kind
