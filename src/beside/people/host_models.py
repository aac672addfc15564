"""The table of what was done about hosts from the terminal."""

from __future__ import annotations

from django.db import models


class HostAct(models.Model):
    """Something that was done about a host from the terminal. It holds ids, no address and no name.

    They aren't foreign keys: an account that is destroyed takes nothing out of the log.
    """

    class Kind(models.TextChoices):
        """What was done to `account`; for the first, `other` is the host since."""

        REPLACED = "replaced"
        SIGNED_OUT = "signed out"
        DISABLED = "disabled"
        ADDRESS_CHANGED = "another address"

    kind = models.CharField(max_length=16, choices=Kind)
    account = models.UUIDField()
    other = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"act about a host {self.pk}"
