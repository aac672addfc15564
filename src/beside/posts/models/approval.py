"""Requests to all authors of a post for their approval, and their answers."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.posts.models.post import Post


class ApprovalRequest(models.Model):
    """A request to all authors of a post to let more people see it. It is open until `ended_at`.

    `photos` are the ids of photographs to be added to a post that is shown; then who sees it stays as it is.
    `snapshot` is a digest of the post as it was then (`posts.snapshots`): once the post has changed,
    approvals no longer count.
    """

    class Outcome(models.TextChoices):
        """How it ended. Only `APPROVED` has changed anything."""

        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"
        SUPERSEDED = "superseded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="approval_requests")
    requester = models.ForeignKey(Account, models.CASCADE, related_name="approval_requests")
    wanted = models.JSONField()
    publishes = models.BooleanField(default=False)
    photos = models.JSONField(default=list)
    snapshot = models.CharField(max_length=64)
    message = models.TextField(max_length=2000, blank=True)
    requested_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ended_at=None), name="approval_request_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="approval_request_has_outcome",
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "lapses_at"], name="approval_request_lapsing")]

    def __str__(self) -> str:
        return f"approval request {self.pk}"


class Approval(models.Model):
    """One author has approved a request."""

    request = models.ForeignKey(ApprovalRequest, models.CASCADE, related_name="approvals")
    account = models.ForeignKey(Account, models.CASCADE, related_name="approvals")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "account"], name="approval_once")]

    def __str__(self) -> str:
        return f"approval {self.pk}"
