"""The table of those whose letters somebody wants to see less of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Mute(models.Model):
    """`muter` is shown less of `muted`. It changes nothing about what either may see, and nobody is told."""

    muter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muting")
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_by")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(muter=F("muted")), name="mute_someone_else"),
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"
