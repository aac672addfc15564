"""`beside open`: after a restore, opens what the restore had closed, and nothing else."""

from __future__ import annotations

import click
from django.conf import settings

from beside.cli.backups.closed_after_restore import closed_at, forget_closing
from beside.posts.replaying import open_again


@click.command(help="After a restore: open the letters that it had closed.")
@click.confirmation_option(
    prompt="Letters will be open again to those they were for in the copy. Are you sure that nobody"
    " narrowed anything after it?"
)
def command() -> None:
    """Open. What an author has closed, narrowed or taken back meanwhile stays as the author left it."""
    moment = closed_at(settings.BESIDE.data)
    if moment is None:
        raise click.ClickException("This place wasn't restored, or is open already.")
    open_again(closed_at=moment)
    forget_closing(settings.BESIDE.data)
    click.echo("Open.")
