"""Checks of the whole place: the epoch key, the tables, and that every file has its row."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from beside.access.models import Consent
from beside.cli.verification.faults import Fault, leftover
from beside.moderation import trail
from beside.notices.models import OutgoingMail, PushSubscription
from beside.people.models import Account, AccountClosure, Narrowing
from beside.photos.models import AuthorKey, Hold, KeyEpoch, Tombstone, Upload
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.store import Store
from beside.photos.vault.sweeping import named
from beside.posts.models import Post


def prove_epoch(ring: Keyring, epoch: KeyEpoch) -> Iterator[Fault]:
    """Check that both slots hold the database's generation and nothing older."""
    try:
        if not ring.epochs.is_settled(epoch.generation):
            yield leftover(
                "keyring",
                "Destroying was interrupted before its last step; the next start finishes it.",
            )
    except (NoSuchEpoch, OtherRoot, OSError) as closed:
        yield Fault("keyring", str(closed))


def prove_tables() -> Iterator[Fault]:
    """Run the database's own checks, and check what no constraint can."""
    if connection.vendor == "sqlite":
        yield from _sqlite_says()
    for photo_id, account_id in _undead():
        yield Fault(f"photo {photo_id}", f"{account_id} holds a key again that was destroyed.")
    for post_id in _shown_after_all():
        yield Fault(
            f"post {post_id}", "It was taken back, and somebody's consent to it is still there."
        )
    for account_id in _back_after_all():
        yield Fault(f"account {account_id}", "It was destroyed, and there is a row of it again.")
    for account_id in _told_although_closed():
        yield Fault(f"account {account_id}", "It is closed, and news would still be sent to it.")
    for number, says in trail.faults():
        yield Fault(f"trail entry {number}", says)
    without = Hold.objects.exclude(account__in=AuthorKey.objects.values("pk"))
    for hold in without:
        yield Fault(str(hold), "Its author's key is missing.")


def prove_named(blobs: list[UUID]) -> Iterator[Fault]:
    """Files that were listed and that no row names. None of them was ever confirmed to anybody.

    They have to be listed before this asks: a row added meanwhile then names one too many, never one too few.
    """
    known = named(blobs)
    for blob in blobs:
        if blob not in known:
            yield leftover(f"file {blob}", "No photograph names it.")


def prove_parts(store: Store) -> Iterator[Fault]:
    """Uploads' files that no upload names."""
    parts = [part for part, _ in store.part_ids()]
    arriving = set(Upload.objects.values_list("photo__original_blob", flat=True))
    for part in parts:
        if part not in arriving:
            yield leftover(f"part {part}", "No upload names it.")


def _sqlite_says() -> Iterator[Fault]:
    with connection.cursor() as cursor:
        for (line,) in cursor.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                yield Fault("database", line)
        for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check").fetchall():
            yield Fault(f"{table} {row}", f"It names a row of {parent} that isn't there.")


def _undead() -> Iterator[tuple[object, object]]:
    """Only originals: renditions get a new key, under the same name, after a taking back."""
    buried = Tombstone.objects.filter(kind=Hold.Kind.ORIGINAL)
    for photo, account in buried.values_list("photo_id", "account_id"):
        if Hold.objects.filter(photo=photo, account=account, kind=Hold.Kind.ORIGINAL).exists():
            yield photo, account


def _back_after_all() -> Iterator[str]:
    destroyed = Narrowing.objects.filter(kind=Narrowing.Kind.ACCOUNT_DESTROYED)
    for account_id in destroyed.values_list("subject__account", flat=True):
        if (
            Account.objects.filter(pk=account_id).exists()
            or Hold.objects.filter(account_id=account_id).exists()
        ):
            yield account_id


def _told_although_closed() -> Iterator[object]:
    closed = AccountClosure.objects.values("account")
    for waiting in (OutgoingMail.objects, PushSubscription.objects):
        found = waiting.filter(account__in=closed)
        yield from found.order_by().values_list("account", flat=True).distinct()


def _shown_after_all() -> Iterator[object]:
    back = Consent.objects.filter(photo__placed__post__state=Post.State.TAKEN_BACK)
    yield from back.values_list("photo__placed__post", flat=True).distinct()
