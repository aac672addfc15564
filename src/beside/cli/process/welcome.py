"""What a host reads when a place starts."""

from __future__ import annotations

from datetime import datetime

import click
from django.conf import settings
from django.urls import reverse

from beside.people.invitations import make_first_host_link
from beside.people.models import Account


def say(*, at: datetime) -> None:
    """While there is no host, the link with which the first person becomes it. An earlier link ends."""
    if Account.objects.filter(is_host=True).exists():
        return
    path = reverse("invitation", args=[make_first_host_link(at=at)])
    click.echo("Nobody keeps this place yet. To make the host's account, open this once:")
    click.echo(f"  {settings.BESIDE.url}{path}")
