"""Photographs that were taken out of a post, and where each was in it."""

from __future__ import annotations

from django.db import models

from beside.photos.models import Photo
from beside.posts.models.post import Post


class RemovedPhoto(models.Model):
    """A photograph was taken out of a post: what is needed to put it back where it was.

    `place` is how many photographs came before it. `number` and `beside_previous` are those of its
    `PlacedPhoto`. The row ends when the photograph is placed again, in this post or in another.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="removed")
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="removed")
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    beside_previous = models.BooleanField()
    removed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"removed photo {self.pk}"
