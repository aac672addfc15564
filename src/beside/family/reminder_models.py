"""The table of reminders."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account

LONGEST_TYPED = 200


class Reminder(models.Model):
    """That somebody asked to be written to within some days, once or each year. It never says what about.

    `first` and `last` are the next such days, inclusive, by its owner's own clock; `day_of_month` keeps a 29 February
    through the years that have none. It is told of once in these days, or not at all: never afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="reminders")
    typed = models.CharField(max_length=LONGEST_TYPED)
    first = models.DateField()
    last = models.DateField()
    each_year = models.BooleanField(default=False)
    # The days it was made for: month and day of the first, and how many follow.
    month = models.PositiveSmallIntegerField()
    day_of_month = models.PositiveSmallIntegerField()
    of_pregnancy = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="reminder_days_in_order"
            )
        ]
        indexes = [
            models.Index(fields=["first"], condition=Q(ended_at=None), name="reminder_not_ended")
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
