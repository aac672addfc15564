"""The tables of mails on their way out, and of addresses that refuse them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class OutgoingMail(models.Model):
    """A mail that is to be sent, or was. Its id is part of its Message-ID, so each time it is sent it has the same.

    Until `due_at` it isn't tried: another worker is sending it, or the pause after a failure isn't over.
    `unanswered` counts the times that it was given to the mail server without an answer being recorded, and
    `failures` those at which the answer was "later". Its text and address are sealed, because there may be a
    code or a secret in it, and are deleted as soon as it has ended.
    """

    class Ending(models.TextChoices):
        """What became of a mail."""

        SENT = "sent"
        REFUSED = "refused"
        GIVEN_UP = "given up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whose notices it tells of. A mail that somebody asked for, such as a code, has only its address.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="outgoing_mails"
    )
    sealed = models.BinaryField()
    is_urgent = models.BooleanField(default=True)
    # Written for an address without an account, so that an answer takes as long for it; never sent.
    is_decoy = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    unanswered = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-is_urgent", "due_at"],
                condition=Q(ended_at=None, is_decoy=False),
                name="outgoing_mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"outgoing mail {self.pk}"


class RefusedAddress(models.Model):
    """An account's address to which a mail server refused a mail for good. No notices go there for now.

    Only a keyed digest of the address is kept; it is another one as soon as the account has another address.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="refused_address"
    )
    digest = models.BinaryField(max_length=32)
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"refused address of {self.pk}"


class EndedAddress(models.Model):
    """An address whose owner wants no invitations and links by mail. Only a keyed digest of it is kept."""

    digest = models.BinaryField(max_length=32, unique=True)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ended address {self.pk}"
