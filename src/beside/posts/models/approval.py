"""What all authors of a post are asked to approve, and their answers."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.posts.models.post import Post


class ApprovalRequest(models.Model):
    """A question to all authors: may more people see the post? It is open until `ended_at`.

    `mark` is what the post said when it was asked (`posts.snapshots`): a yes to anything
    else counts for nothing.
    """

    class Outcome(models.TextChoices):
        """How it ended. Only the first has changed anything."""

        AGREED = "agreed"
        KEPT = "kept as it is"
        TAKEN_BACK = "taken back"
        LAPSED = "lapsed"
        OVERTAKEN = "overtaken"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="proposals")
    proposer = models.ForeignKey(Account, models.CASCADE, related_name="proposals")
    wanted = models.JSONField()
    shows = models.BooleanField(default=False)
    mark = models.CharField(max_length=64)
    said = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ended_at=None), name="proposal_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="proposal_ended_somehow",
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "lapses_at"], name="proposal_lapsing")]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Approval(models.Model):
    """One author's yes to a proposal."""

    proposal = models.ForeignKey(ApprovalRequest, models.CASCADE, related_name="agreements")
    account = models.ForeignKey(Account, models.CASCADE, related_name="agreements")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "account"], name="agreement_once")
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"
