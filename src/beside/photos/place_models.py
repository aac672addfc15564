"""What the machines of one place tell each other. On one machine alone, with SQLite, files in the data folder do."""

from __future__ import annotations

from django.db import models


class ChoreTurn(models.Model):
    """When a chore may be done again, by whichever worker comes first."""

    name = models.CharField(primary_key=True, max_length=80)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"turn of {self.name}"


class WorkerBeat(models.Model):
    """When a worker last reported that it is running. There is one row for each machine."""

    machine = models.CharField(primary_key=True, max_length=255)
    version = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"worker on {self.machine}"


class PlaceRecord(models.Model):
    """Something about this place that every machine should know, such as when the last backup finished."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    told = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"record of {self.name}"
