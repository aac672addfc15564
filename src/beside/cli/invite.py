"""`beside invite`: invite one person on the host's behalf, and print the link."""

from __future__ import annotations

import click
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beside.cli.failures.mail_addresses import require_mail_address
from beside.people import hosts, invitations, names

# Characters, as on the page for invitations.
_LONGEST_NAME = 80


@click.command(help="Invite one person, and print a link with which they can join once.")
@click.argument("name")
@click.option(
    "--email", default="", help="Their e-mail address, if only that address may use the link."
)
def command(name: str, *, email: str) -> None:
    """Print the link. Only its digest is kept, so it can't be printed again."""
    host = hosts.everybody().first()
    if host is None:
        raise click.ClickException(
            "There is no host yet. Open the link that beside serve printed when it started."
        )
    if not 0 < len(names.clean(name)) <= _LONGEST_NAME:
        raise click.ClickException(f"A name has between one and {_LONGEST_NAME} characters.")
    if email:
        require_mail_address(email)
    _, secret = invitations.make(host, name=name, email=email, at=timezone.now())
    click.echo(f"{settings.BESIDE.url}{reverse('invitation', args=[secret])}")
