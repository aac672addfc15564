"""What is printed for the host when a place starts."""

from __future__ import annotations

from datetime import datetime

import click
from django.conf import settings
from django.urls import reverse

from beside.people import invitations


def say(*, at: datetime) -> None:
    """While there is no host, print a link for becoming the host. Any earlier link ends."""
    if invitations.hosts().exists():
        return
    path = reverse("invitation", args=[invitations.make_first_host_link(at=at)])
    click.echo("There is no host yet. To create the host's account, open this link once:")
    click.echo(f"  {settings.BESIDE.url}{path}")
