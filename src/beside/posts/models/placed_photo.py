"""Which photographs are in a post, and in what order."""

from __future__ import annotations

from django.db import models

from beside.photos.models import Photo
from beside.posts.models.post import Post


class PlacedPhoto(models.Model):
    """A photograph lies in a post, at a place. It can lie in one post only.

    `number` is how the letter's words name it (`posts.markup`): it stays when others
    are moved or taken out, and no other photograph of the post is ever given it, unless it
    is another version of the same (`posts.replacing`).
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
