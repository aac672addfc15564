"""The tables of what the host says and the moderators decide."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HouseWords(models.Model):
    """What the host says to everybody here: a few sentences, and a helpline. There is at most one row.

    An empty helpline means the one in the settings (`BESIDE_HELPLINE`).
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    words = models.TextField(max_length=2000, blank=True)
    helpline = models.CharField(max_length=40, blank=True)
    helpline_says = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="house_words_once")]

    def __str__(self) -> str:
        return "house words"
