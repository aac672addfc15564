"""What is written besides the letter itself: addenda, earlier versions and autosaved text."""

from __future__ import annotations

import uuid

from django.db import models

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.models.post import Post


class Addendum(models.Model):
    """Words added later, dated, beside what was said first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="addenda")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="addenda")
    author = models.ForeignKey(Account, models.CASCADE, related_name="addenda")
    words = models.TextField(max_length=20_000)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addendum {self.pk}"


class Revision(models.Model):
    """How a published post stood before an edit. Its authors see these, nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    editor = models.ForeignKey(Account, models.CASCADE, related_name="revisions")
    replaced_at = models.DateTimeField()
    title = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    note = models.TextField(max_length=2000, blank=True)
    photographs = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["post", "-replaced_at"], name="revision_newest")]

    def __str__(self) -> str:
        return f"revision {self.pk}"


class Autosave(models.Model):
    """Words of a letter that are kept, and are not the letter: only its authors see them.

    `kept_from` is the open page that wrote them; each page has one row a kind, written over.
    """

    class Kind(models.TextChoices):
        """What a second device wrote at the same time, or a change nobody is shown yet."""

        OTHER_DEVICE = "other device"
        NOT_SHOWN = "not shown yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="keepings")
    author = models.ForeignKey(Account, models.CASCADE, related_name="keepings")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER_DEVICE)
    kept_at = models.DateTimeField()
    kept_from = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField()

    def __str__(self) -> str:
        return f"keeping {self.pk}"
