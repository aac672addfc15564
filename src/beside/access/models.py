"""The table of consents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from beside.people.models import Account, Session
from beside.photos.models import Photo


class Consent(models.Model):
    """A viewer has chosen to look at one photograph. Nobody is ever told.

    For the visit it belongs to a session and ends by itself; "don't ask me again"
    makes it the account's, until it is folded away.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="consents")
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="consents")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="consents")
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, account=None, ends_at__isnull=False)
                | Q(session=None, account__isnull=False, ends_at=None),
                name="consent_of_a_visit_or_an_account",
            ),
            models.UniqueConstraint(
                fields=["photo", "session"],
                condition=Q(session__isnull=False),
                name="consent_once_a_visit",
            ),
            models.UniqueConstraint(
                fields=["photo", "account"],
                condition=Q(account__isnull=False),
                name="consent_once_an_account",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="consent_ends")]

    def __str__(self) -> str:
        return f"consent {self.pk}"
