"""The table of texts as they are searched."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from beside.index.full_text import NAME, TABLE, FullTextIndex


class IndexedText(models.Model):
    """What a letter, what is said about one photograph, or a name is found under: `tokens`, between spaces.

    It goes with its letter, photograph or account. A text with an `open_key` is for everybody who has an account, and is in the one
    index that everybody shares; all others are read one by one, by whoever may see them. The greater the key, the newer.
    """

    post = models.OneToOneField(
        "posts.Post", models.CASCADE, null=True, related_name="indexed_text"
    )
    photo = models.OneToOneField(
        "photos.Photo", models.CASCADE, null=True, related_name="indexed_text"
    )
    # Somebody who wants to be found, by name.
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="indexed_name"
    )
    tokens = models.TextField()
    open_key = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = TABLE
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, photo=None, account=None)
                | Q(post=None, photo__isnull=False, account=None)
                | Q(post=None, photo=None, account__isnull=False),
                name="indexed_text_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(open_key=None) | Q(photo=None), name="indexed_text_open_has_no_photo"
            ),
        ]
        indexes = [FullTextIndex(fields=["tokens"], name=NAME)]

    def __str__(self) -> str:
        return f"indexed text {self.pk}"
