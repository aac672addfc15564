"""`beside open`: after a restore, open the letters that the restore closed."""

from __future__ import annotations

import click
from django.conf import settings
from django.db import transaction

from beside.cli.backups.closed_after_restore import closed_at, forget_closing
from beside.family import replaying as family
from beside.posts import replaying as posts


@click.command(help="After a restore, open the letters that the restore closed.")
@click.confirmation_option(
    prompt="Letters will be open again to the people they were for in the backup. Are you sure that"
    " nobody narrowed anything after it was made?"
)
def command() -> None:
    """Open them. What an author has closed, narrowed or taken back since stays that way."""
    moment = closed_at(settings.BESIDE.data)
    if moment is None:
        raise click.ClickException("This place wasn't restored, or has been opened already.")
    with transaction.atomic():
        posts.open_again(closed_at=moment)
        family.open_again(closed_at=moment)
        forget_closing(settings.BESIDE.data)
    click.echo("Open.")
