"""`beside django`: pass a command through to Django."""

from __future__ import annotations

import sys

import click
from django.core.management import execute_from_command_line

from beside.cli.process import existing_place

# It prints every setting as Django has it: the mail server's password, and the keys that sign sessions.
_PRINTS_SECRETS = {"diffsettings"}
_ASKS_NOTHING = {"help", "version", "-h", "--version"}


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Pass a command through to Django.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """Run Django's own command line, where there is a place: most of its commands open the database, and so would make one."""
    if words and words[0] in _PRINTS_SECRETS:
        raise click.ClickException(
            f"beside django {words[0]} would print passwords and keys. beside settings shows what is set without them."
        )
    if words and words[0] not in _ASKS_NOTHING and "--help" not in words:
        existing_place.require()
    execute_from_command_line([sys.argv[0], *words])
