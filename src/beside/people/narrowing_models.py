"""The table of narrowings: what somebody can see less of since when, for a restore."""

from __future__ import annotations

from django.db import models


class Narrowing(models.Model):
    """A record, of ids and a time alone, that somebody can see less; `beside restore` replays it."""

    class Kind(models.TextChoices):
        """What became smaller; `subject` holds the ids that each needs."""

        BLOCKED = "blocked"
        TAKEN_OUT = "taken out of a circle"
        FROM_NOW_ON = "earlier letters shut"
        UNFOLLOWED = "follower removed"
        SIGNED_OUT = "signed out"
        UNINVITED = "invitation revoked"
        NARROWED = "post narrowed"
        TAKEN_BACK = "post taken back"
        DESTROYED = "destroyed"
        NOT_LET_IN = "let in no more"
        KEPT_OUT = "kept out"
        LINK_ENDED = "link ended"
        DEPOSIT_ENDED = "deposit link ended"
        HELD_UNSEEN = "closed for oneself"
        DELEGATION_ENDED = "delegation ended"
        LEFT = "account closed"
        ACCOUNT_DESTROYED = "account destroyed"

    kind = models.CharField(max_length=24, choices=Kind)
    subject = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="narrowing_at")]

    def __str__(self) -> str:
        return f"narrowing {self.pk}"
