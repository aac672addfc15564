"""Who writes a post, and who is asked to write it with them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.posts.models.post import Post


class Authorship(models.Model):
    """An account is one of a post's authors. Each alone may narrow; widening needs all."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="authorships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="authorships")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="authorship_once")]
        indexes = [models.Index(fields=["account", "post"], name="authorship_account")]

    def __str__(self) -> str:
        return f"authorship {self.pk}"


class CoauthorInvitation(models.Model):
    """Somebody is asked to become an author beside those that a post has.

    It reaches them once each author has said yes to it (`CoauthorApproval`). Until they say yes
    themselves they meet nothing of it. "Not yet" leaves the answer empty.
    """

    class Answer(models.TextChoices):
        """What was answered, if anything."""

        YES = "yes"
        NO = "no"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="coauthor_invitations")
    inviter = models.ForeignKey(Account, models.CASCADE, related_name="coauthors_asked")
    invitee = models.ForeignKey(Account, models.CASCADE, related_name="asked_beside")
    said = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(answer=""), name="coauthor_asked_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"coauthor invitation {self.pk}"


class CoauthorApproval(models.Model):
    """One author's yes to asking somebody further."""

    invitation = models.ForeignKey(CoauthorInvitation, models.CASCADE, related_name="yeses")
    account = models.ForeignKey(Account, models.CASCADE, related_name="invitation_yeses")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "account"], name="invitation_yes_once")
        ]

    def __str__(self) -> str:
        return f"invitation yes {self.pk}"
