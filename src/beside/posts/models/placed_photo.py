"""Which photographs are in a post, and in which order."""

from __future__ import annotations

from django.db import models

from beside.photos.models import Photo
from beside.posts.models.post import Post


class PlacedPhoto(models.Model):
    """A photograph is in a post, at a position. A photograph can be in one post only.

    The letter's words refer to it by `number` (`posts.markup`), which stays the same when others are
    moved or taken out. No other photograph of the post ever gets that number, unless it replaces this
    one (`posts.replacing`).
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="placed")
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="placed")
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=0)
    beside_previous = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["post", "position"], name="placed_order")]

    def __str__(self) -> str:
        return f"placed photo {self.pk}"
