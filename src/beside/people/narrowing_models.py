"""The table of narrowings, which `beside restore` replays."""

from __future__ import annotations

from django.db import models


class Narrowing(models.Model):
    """That somebody can see less since `at`: a kind and ids, no words."""

    class Kind(models.TextChoices):
        """What was narrowed; `subject` holds the ids that replaying it needs."""

        BLOCKED = "blocked"
        REMOVED_FROM_CIRCLE = "removed from a circle"
        FROM_NOW_ON = "earlier letters shut"
        FOLLOWER_REMOVED = "follower removed"
        SIGNED_OUT = "signed out"
        INVITATION_REVOKED = "invitation revoked"
        NARROWED = "post narrowed"
        TAKEN_BACK = "post taken back"
        DESTROYED = "destroyed"
        ADMISSION_ENDED = "admission ended"
        BANNED = "banned"
        LINK_ENDED = "link ended"
        DEPOSIT_ENDED = "deposit link ended"
        HIDDEN = "hidden"
        DELEGATION_ENDED = "delegation ended"
        RESPONSES_NARROWED = "responses narrowed"
        RESPONSE_TAKEN_BACK = "response taken back"
        RESPONSE_HIDDEN = "response hidden"
        NOTE_ENDED = "thank-you note ended"
        NOTE_DELETED = "thank-you note deleted"
        PRIVATE_LETTERS_NARROWED = "private letters narrowed"
        ACCOUNT_CLOSED = "account closed"
        ACCOUNT_DESTROYED = "account destroyed"
        ACCOUNT_SUSPENDED = "account suspended"
        ADDRESS_SUSPENDED = "address suspended"
        POST_SUSPENDED = "post suspended"
        MODERATOR_ENDED = "moderator ended"
        HOST_ENDED = "host ended"
        SHELF_LEFT = "taken off the shelf"
        DIRECTORY_LEFT = "not found any more"
        FAMILY_NARROWED = "family narrowed"
        FAMILY_LEFT = "taken off a family"
        FAMILY_ENTRY_ENDED = "family entry ended"
        REMINDER_ENDED = "reminder ended"

    kind = models.CharField(max_length=24, choices=Kind)
    subject = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="narrowing_at")]

    def __str__(self) -> str:
        return f"narrowing {self.pk}"
