"""An author's request to destroy a post or a photograph."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.models.post import Post


class Destruction(models.Model):
    """An author's request to end their holds on the keys of a post's photographs, or of one photograph."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="destructions")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="destructions")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="destructions")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False) ^ Q(photo__isnull=False),
                name="destruction_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(done_at=None),
                name="destruction_stopped_or_done",
            ),
        ]
        indexes = [models.Index(fields=["done_at", "stopped_at", "due_at"], name="destruction_due")]

    def __str__(self) -> str:
        return f"destruction {self.pk}"
