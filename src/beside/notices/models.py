"""The table of what a person is told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """A line under News. It names nobody and nothing: a kind, and the id of what it is about.

    The page that shows it asks access again, so a notice about what its reader may
    no longer see says nothing.
    """

    class Kind(models.TextChoices):
        """What there is to tell."""

        FOLLOW_ASKED = "asks to follow you"
        FOLLOW_ACCEPTED = "you may follow"
        SHARED = "something was written for you"
        ADDED_LATER = "something was added"
        TAKEN_BACK = "a co-author took it back"
        ASKED_BESIDE = "asks you to write together"
        BESIDE_YES = "somebody writes with you now"
        BESIDE_NO = "somebody would rather not"
        STEPPED_OUT = "a co-author stepped out"
        ASKED_YES = "your yes is asked for"
        AGREED = "everybody has agreed"
        STAYS = "it stays as it is"
        LAPSED = "a question has lapsed"
        ASKED_TO_COME_IN = "somebody asks to be let in"
        LET_IN = "you have been let in"
        LINK_ASKED = "a link waits for your yes"
        SECOND_DEVICE = "another device opened a link"
        DEPOSITED = "photographs were put in for you"
        CLAIMED = "somebody is in a photograph"
        DELEGATION_OFFERED = "asks you to do this for them"
        DELEGATION_SIGNED = "has signed"
        DELEGATION_ENDED = "does it no more"
        STEWARD_ASKS = "the steward would like to act"
        ARCHIVE_TAKEN = "the steward took an archive"
        WRITTEN_FOR = "somebody wrote something for you"
        UPLOAD_REFUSED = "a photograph could not be kept"
        PLACE_CLOSED = "somebody closed their place"
        SIGNED_IN = "a new device"
        ADDRESS_CHANGED = "another address for codes"
        PASSWORD_CHANGED = "another password"  # noqa: S105
        PASSKEY_ADDED = "a passkey was added"
        PASSKEY_REMOVED = "a passkey was removed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=32, choices=Kind)
    about = models.UUIDField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["recipient", "-at"], name="notice_recipient")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
