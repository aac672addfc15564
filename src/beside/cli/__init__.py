"""The command `beside`: one module for each thing that a host does."""

from __future__ import annotations

import os
import sys

import click
from django.core.management import execute_from_command_line


@click.group(help="Beside: for the photographs that are hardest to share.")
def main() -> None:
    """Start here. Django is set up once the command is known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
    os.umask(0o077)


@main.command(
    "django",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    help="Pass a command through to Django.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def django_command(words: tuple[str, ...]) -> None:
    """Pass through, for migrations and the like."""
    execute_from_command_line([sys.argv[0], *words])
