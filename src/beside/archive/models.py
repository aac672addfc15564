"""The model of archives that may be downloaded."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from beside.people.models import Account, Delegation


class Export(models.Model):
    """`taken_by` may download an archive of `account`'s letters and photographs until `ends_at`.

    It is a permission and a record, never a file: the archive is made while it is downloaded, from what is
    there at that moment. A steward takes one under their delegation, and only while they may act.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="exports")
    taken_by = models.ForeignKey(Account, models.CASCADE, related_name="exports_taken")
    delegation = models.ForeignKey(Delegation, models.CASCADE, null=True, related_name="exports")
    holds = models.CharField(max_length=10, choices=Delegation.HandsOver)
    with_originals = models.BooleanField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delegation=None, taken_by=F("account"))
                | (Q(delegation__isnull=False) & ~Q(taken_by=F("account"))),
                name="export_own_or_by_delegation",
            ),
            models.CheckConstraint(
                condition=~Q(holds=Delegation.HandsOver.NOTHING), name="export_holds_something"
            ),
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"export {self.pk}"
