"""The authors of a post, and invitations to become one."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.posts.models.post import Post


class Authorship(models.Model):
    """An account is one of a post's authors. Any of them may narrow the post alone; widening needs all.

    `may_be_found` is this author's yes to the post's being on the open shelf (`finding.shelf`).
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="authorships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="authorships")
    joined_at = models.DateTimeField()
    may_be_found = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="authorship_once")]
        indexes = [
            models.Index(fields=["account", "post"], name="authorship_account"),
            models.Index(
                fields=["post"], condition=Q(may_be_found=True), name="authorship_may_be_found"
            ),
        ]

    def __str__(self) -> str:
        return f"authorship {self.pk}"


class CoauthorInvitation(models.Model):
    """An invitation to become an author of a post.

    It reaches the invitee once every author has approved it (`CoauthorApproval`). Until the invitee
    accepts, they see nothing of the post. "Not yet" leaves the answer empty.
    """

    class Answer(models.TextChoices):
        """The invitee's answer."""

        YES = "yes"
        NO = "no"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="coauthor_invitations")
    inviter = models.ForeignKey(Account, models.CASCADE, related_name="coauthor_invitations_sent")
    invitee = models.ForeignKey(
        Account, models.CASCADE, related_name="coauthor_invitations_received"
    )
    message = models.TextField(max_length=2000, blank=True)
    invited_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(answer=""), name="coauthor_invitation_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"coauthor invitation {self.pk}"


class CoauthorApproval(models.Model):
    """One author has approved an invitation to a further author."""

    invitation = models.ForeignKey(CoauthorInvitation, models.CASCADE, related_name="approvals")
    account = models.ForeignKey(Account, models.CASCADE, related_name="coauthor_approvals")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "account"], name="coauthor_approval_once")
        ]

    def __str__(self) -> str:
        return f"coauthor approval {self.pk}"
