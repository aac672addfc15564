"""The tables of how notices reach a person, and when they don't."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class NoticePreference(models.Model):
    """How often one group of notices reaches an account by one channel. Without a row it is once a day."""

    class Channel(models.TextChoices):
        """How it reaches them. Everything is under News as well."""

        MAIL = "mail"
        PUSH = "push"

    class HowOften(models.TextChoices):
        """A choice of three."""

        AT_ONCE = "at once"
        DAILY = "once a day"
        NEVER = "never"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences"
    )
    group = models.CharField(max_length=8)
    channel = models.CharField(max_length=4, choices=Channel)
    how_often = models.CharField(max_length=10, choices=HowOften)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "group", "channel"], name="notice_preference_once"
            )
        ]

    def __str__(self) -> str:
        return f"notice preference {self.pk}"


class QuietHours(models.Model):
    """The hours of the day at which nothing is sent to an account, in its own time zone, and its last digests.

    Both are null if there are none. They may go over midnight. Without a row they are the defaults.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    begins = models.TimeField(null=True, default=time(22))
    ends = models.TimeField(null=True, default=time(8))
    # The days, as the account counts days, on which it was last sent a digest.
    last_mail_on = models.DateField(null=True)
    last_push_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(begins=None, ends=None)
                | (Q(begins__isnull=False, ends__isnull=False) & ~Q(begins=F("ends"))),
                name="quiet_hours_both_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"quiet hours of {self.pk}"
