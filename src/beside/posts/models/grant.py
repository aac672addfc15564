"""The people and circles a post is for, by name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from beside.people.models import Account, Circle
from beside.posts.models.post import Post


class Grant(models.Model):
    """A person or a circle that a post's words or photographs are for.

    It counts only while that part's audience is `PEOPLE` or `LET_IN`. A circle means its members at
    the moment somebody looks.
    """

    class What(models.IntegerChoices):
        """The part of a post that a grant is for."""

        WORDS = 1
        PHOTOGRAPHS = 2

    post = models.ForeignKey(Post, models.CASCADE, related_name="grants")
    what = models.PositiveSmallIntegerField(choices=What)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="grants")
    circle = models.ForeignKey(Circle, models.CASCADE, null=True, related_name="grants")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) ^ Q(circle__isnull=False),
                name="grant_to_one_person_or_one_circle",
            ),
            models.UniqueConstraint(
                fields=["post", "what", "account"],
                condition=Q(account__isnull=False),
                name="grant_account_once",
            ),
            models.UniqueConstraint(
                fields=["post", "what", "circle"],
                condition=Q(circle__isnull=False),
                name="grant_circle_once",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"
