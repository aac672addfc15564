"""The tables of the people who have said that they want to be found, and of what they say there."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class WhatHappened(models.TextChoices):
    """What happened, as far as somebody says it. Where a letter can be about the same, `Facet` has the same value."""

    MISCARRIAGE = "miscarriage"
    BEFORE_BIRTH = "before birth"
    AFTER_BIRTH = "after birth"
    MEDICAL_REASONS = "medical reasons"
    MORE_THAN_ONE = "more than one"
    SOMEBODY_ELSE = "somebody else"


class AboutWhen(models.TextChoices):
    """About when in the pregnancy it happened, as far as somebody says it."""

    BEFORE_14_WEEKS = "before 14 weeks"
    WEEKS_14_TO_23 = "14 to 23 weeks"
    FROM_24_WEEKS = "from 24 weeks"
    AFTER_BIRTH = "after birth"


class DirectoryEntry(models.Model):
    """That somebody wants to be found, and what others find. Without a row nobody finds them."""

    LONGEST_WORDS = 500

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="directory_entry",
    )
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    what = models.CharField(max_length=16, choices=WhatHappened, blank=True)
    when = models.CharField(max_length=16, choices=AboutWhen, blank=True)
    # The day and not the instant: the addresses of the directory's pages contain it.
    said_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["said_on", "account"], name="directory_entry_order")]

    def __str__(self) -> str:
        return f"directory entry of {self.account_id}"


class DirectoryLanguage(models.Model):
    """A language that somebody reads, by its code (`posts.languages`)."""

    entry = models.ForeignKey(DirectoryEntry, models.CASCADE, related_name="languages")
    code = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "code"], name="directory_language_once")
        ]

    def __str__(self) -> str:
        return f"language of {self.entry_id}"
