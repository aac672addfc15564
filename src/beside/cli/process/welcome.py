"""What is printed for the host when a place starts."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from django.conf import settings
from django.db import connection
from django.urls import reverse

from beside.people import invitations

_TOGETHER = timedelta(minutes=10)


def say(*, at: datetime) -> None:
    """While there is no host, print a link for becoming the host. Any earlier link ends.

    Of several machines that start together, the first prints one that works, and the others say so.
    """
    if invitations.hosts().exists():
        return
    if connection.vendor != "sqlite" and invitations.has_first_host_link(since=at - _TOGETHER):
        click.echo(
            "There is no host yet. Another start has just printed the link for the host's account."
        )
        click.echo("If you can't find it: beside host link")
        return
    path = reverse("invitation", args=[invitations.make_first_host_link(at=at)])
    click.echo("There is no host yet. To create the host's account, open this link once:")
    click.echo(f"  {settings.BESIDE.url}{path}")
