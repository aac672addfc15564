"""`beside open`: after a restore, open the letters that the restore closed."""

from __future__ import annotations

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from beside.cli.backups.closed_after_restore import closed_at, forget_closing
from beside.cli.process import usable_place
from beside.family import replaying as family
from beside.posts import replaying as posts

_IS_SURE = (
    "Letters will be open again to the people they were for in the backup. Are you sure that"
    " nobody narrowed anything after it was made?"
)
_ARE_LOST = "Beside will no longer look whether the photographs that are here by now are in the store that it is given. Are they lost?"


@click.command(
    help="After a restore, open the letters that the restore closed; or let a place start whose photographs are lost."
)
@click.option(
    "--without-photographs",
    "without",
    is_flag=True,
    help="Open no letters: let the place start although none of its photographs is in its store.",
)
@click.option("--yes", is_flag=True, help="Don't ask.")
def command(*, without: bool, yes: bool) -> None:
    """Open letters, or go on without photographs."""
    if not yes:
        click.confirm(_ARE_LOST if without else _IS_SURE, abort=True)
    if without:
        usable_place.give_up_photographs(at=timezone.now())
        click.echo("Photographs that were put in until now may be missing from the store.")
        return
    _open()


def _open() -> None:
    """What an author has closed, narrowed or taken back since stays that way."""
    moment = closed_at(settings.BESIDE.data)
    if moment is None:
        raise click.ClickException("This place wasn't restored, or has been opened already.")
    with transaction.atomic():
        posts.open_again(closed_at=moment)
        family.open_again(closed_at=moment)
        forget_closing(settings.BESIDE.data)
    click.echo("Open.")
