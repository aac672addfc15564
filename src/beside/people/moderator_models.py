"""The tables of moderators, and of mail addresses that they have suspended."""

from __future__ import annotations

from django.db import models

from beside.people.models import Account


class Moderator(models.Model):
    """Somebody whom a host has named as a moderator; they are one once they have accepted, until either ends it."""

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="moderator"
    )
    named_by = models.ForeignKey(Account, models.CASCADE, related_name="moderators_named")
    named_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"moderator {self.account_id}"


class AddressSuspension(models.Model):
    """Nobody can be invited by this mail address, or make an account with it. It is stored in lower case."""

    address = models.EmailField(primary_key=True)
    because = models.TextField(max_length=1000, blank=True)
    suspended_at = models.DateTimeField()

    def __str__(self) -> str:
        return "address suspension"
