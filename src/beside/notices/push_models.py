"""The table of devices that are told of news by Web Push."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class PushSubscription(models.Model):
    """A browser that is told of news, by way of its maker's push service. It ends with its session.

    `endpoint` is an address at that service. Nothing is ever sent there but that there is something: so the
    keys with which a browser would open a text aren't asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions"
    )
    session = models.OneToOneField(
        "people.Session", models.CASCADE, related_name="push_subscription"
    )
    endpoint = models.TextField(unique=True)
    began_at = models.DateTimeField()
    # Since when a push is to be sent; null if none is.
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="push_subscription_due",
            )
        ]

    def __str__(self) -> str:
        return f"push subscription {self.pk}"
