"""The tables of moderators' looks at what isn't for them, and of the trail in which each look is written down."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account, Session
from beside.photos.models import Photo
from beside.posts.models import Post


class Look(models.Model):
    """A moderator has written down why they look at a letter's words, at `photo` in it, or at a response.

    It counts in one session, because of one report, until `ends_at`. Reports and responses are layers above, so
    theirs are only ids.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    moderator = models.ForeignKey(Account, models.CASCADE, related_name="looks")
    session = models.ForeignKey(Session, models.CASCADE, related_name="looks")
    report = models.UUIDField()
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="looks")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="looks")
    response = models.UUIDField(null=True)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, response=None)
                | Q(post=None, photo=None, response__isnull=False),
                name="look_at_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["post", "session"], name="look_of_post"),
            models.Index(fields=["photo", "session"], name="look_of_photo"),
            models.Index(fields=["response", "session"], name="look_of_response"),
            models.Index(fields=["ends_at"], name="look_ends"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"


class TrailEntry(models.Model):
    """One look, or one opening of a seal, written down before anything was shown. No entry is ever changed or deleted.

    `digest` covers the entry and `previous`, the digest of the entry before it (`access.trail`). It covers the reason
    only by a salted digest, so that the reason can be deleted when what it is about no longer exists.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    moderator = models.UUIDField()
    report = models.UUIDField(null=True)
    post = models.UUIDField(null=True)
    photo = models.UUIDField(null=True)
    response = models.UUIDField(null=True)
    seal = models.UUIDField(null=True)
    reason = models.TextField(max_length=1000, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    reason_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["post", "number"], name="trail_of_post"),
            models.Index(fields=["response", "number"], name="trail_of_response"),
        ]

    def __str__(self) -> str:
        return f"trail entry {self.pk}"


class TrailHead(models.Model):
    """The number and digest of the last entry. There is one row, whose lock lets one entry be added at a time."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return "trail head"
