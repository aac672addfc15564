"""The tables behind sign-in: counted guesses, known devices, changes of an account that can be undone."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class GuessCounter(models.Model):
    """How many times one secret was tried since `began_at`. `whose` is a keyed digest, never an address."""

    limit = models.CharField(max_length=32)
    whose = models.BinaryField(max_length=32)
    began_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limit", "whose"], name="guess_counter_once")
        ]
        indexes = [models.Index(fields=["began_at"], name="guess_counter_began")]

    def __str__(self) -> str:
        return f"guess counter {self.pk}"


class KnownDevice(models.Model):
    """A browser in which an account has signed in. Only a keyed digest of its cookie is kept."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_devices"
    )
    digest = models.BinaryField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "digest"], name="known_device_once")
        ]

    def __str__(self) -> str:
        return f"known device {self.pk}"


class AccountChange(models.Model):
    """A change to what opens an account. It can be undone for fourteen days.

    `old_address` is where codes went before the change. `passkey` names the passkey that was added;
    `removed_passkey` is the public part of one that was removed.
    """

    class Kind(models.TextChoices):
        """What was changed."""

        ADDRESS = "address"
        PASSWORD = "password"  # noqa: S105
        PASSKEY_ADDED = "passkey added"
        PASSKEY_REMOVED = "passkey removed"
        SIGNED_IN = "new device"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()
    old_address = models.EmailField()
    passkey = models.BigIntegerField(null=True)
    removed_passkey = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "at"], name="account_change_account")]

    def __str__(self) -> str:
        return f"account change {self.pk}"


class UndoLink(models.Model):
    """A mailed secret that undoes a change and all later ones."""

    change = models.ForeignKey(AccountChange, models.CASCADE, related_name="undo_links")
    secret_digest = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"undo link {self.pk}"
