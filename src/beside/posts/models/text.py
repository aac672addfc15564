"""What is written besides the letter itself: addenda, earlier versions and autosaves."""

from __future__ import annotations

import uuid

from django.db import models

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.models.letter_text import LetterText
from beside.posts.models.post import Post


class Addendum(models.Model):
    """Words that were added to a post or a photograph later.

    `added_on` is the day they bear for every reader: their author's, in that person's time zone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="addenda")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="addenda")
    author = models.ForeignKey(Account, models.CASCADE, related_name="addenda")
    words = models.TextField(max_length=20_000)
    added_at = models.DateTimeField()
    added_on = models.DateField()

    def __str__(self) -> str:
        return f"addendum {self.pk}"


class Revision(LetterText):
    """A published post's text before an edit. Only its authors see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    # None once the person has closed their account: the version belongs to the letter's authors.
    editor = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="revisions")
    replaced_at = models.DateTimeField()
    photographs = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["post", "-replaced_at"], name="revision_newest")]

    def __str__(self) -> str:
        return f"revision {self.pk}"


class Autosave(models.Model):
    """A letter's text that is saved and not part of the letter. Only its authors see it.

    `saved_from` is the id of the open page that saved it; each page has one row of each kind, and overwrites it.
    """

    class Kind(models.TextChoices):
        """Text that a second device wrote at the same time, or a change that isn't shown yet."""

        OTHER_DEVICE = "other device"
        NOT_SHOWN = "not shown yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="autosaves")
    author = models.ForeignKey(Account, models.CASCADE, related_name="autosaves")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER_DEVICE)
    saved_at = models.DateTimeField()
    saved_from = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField()

    def __str__(self) -> str:
        return f"autosave {self.pk}"
