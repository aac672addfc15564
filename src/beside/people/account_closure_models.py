"""The table of accounts that were closed and will be destroyed, unless their owners open them again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AccountClosure(models.Model):
    """A closed account, which is destroyed at `due_at`.

    Until then the secret that was mailed to its owner opens it again; only a digest of it is kept.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="closure"
    )
    secret_digest = models.BinaryField(max_length=32, unique=True)
    closed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="account_closure_due")]

    def __str__(self) -> str:
        return f"closure of account {self.account_id}"
