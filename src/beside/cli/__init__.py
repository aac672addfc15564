"""The command `beside`: one module for each subcommand; packages hold what they share."""

from __future__ import annotations

import ast
import os
import pkgutil
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import django

from beside import DISTRIBUTION
from beside.cli.failures.sentences import in_sentences
from beside.cli.failures.unread_output import (
    OutputLost,
    go_on_without_reader,
    require_written,
)
from beside.config.process import keep_to_itself, only_look

# These start before Django, or without it: a supervisor that loaded Django would take 50 MB for nothing, and the
# doctor looks first whether it can be started.
LIGHT = {"serve", "settings", "doctor", "upgrade"}
# The only command that may create a root key, and only where `serve` starts it to prepare a place.
CREATES_ROOT_KEY = {"worker"}
# Without a place these have nothing to do, and opening a database that isn't there would make an empty one. `verify` has a
# backup to look at, if it is told where.
NEEDS_PLACE = {"access", "backup", "host", "invite", "open"}
# Whoever starts these doesn't sit before them: what they say is read in a log.
KEEPS_LOG = {"serve", "worker"}


class Commands(click.Group):
    """Finds each command in the module of its name, and loads only the one that is called."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  (as click has it)
        """Run it as a program. What is said before any command runs, as by --help, may be lost too."""
        go_on_without_reader()
        try:
            return super().main(*args, **extra)
        except SystemExit as ended:
            if ended.code:
                raise
            try:
                require_written()
            except OutputLost as lost:
                click.echo(f"Error: {lost}", err=True)
                sys.exit(1)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        modules = pkgutil.iter_modules(__path__)
        return sorted(
            "django" if m.name == "manage" else m.name
            for m in modules
            if not m.ispkg and not m.name.startswith("_")
        )

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Whatever fails, in its settings or in itself, ends it with a sentence."""
        with in_sentences(keeps_log=bool(KEEPS_LOG & {*sys.argv[1:2]})):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called. One that works on a place needs one."""
        found = super().resolve_command(ctx, args)
        if found[0] in NEEDS_PLACE and "--help" not in args:
            import_module("beside.cli.process.existing_place").require()
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            # From here on there may be something to finish, or to clear away.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return found

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
        # What a command without Django creates, a demonstration's folder for one, is private too.
        keep_to_itself()
        if "--help" in sys.argv or not (cmd_name in CREATES_ROOT_KEY and "--ready-fd" in sys.argv):
            only_look()
        if cmd_name not in LIGHT:
            django.setup()
        command = import_module(_module_of(cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them: help needs no settings, and changes nothing."""
        rows = [(name, _summary_of(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _module_of(command: str) -> str:
    return f"{__name__}.{'manage' if command == 'django' else command}"


def _summary_of(command: str) -> str:
    """The first sentence of the module's docstring, without the command's own name."""
    source = find_spec(_module_of(command))
    assert source is not None
    assert source.origin is not None
    text = ast.get_docstring(ast.parse(Path(source.origin).read_text("utf-8"))) or ""
    return text.splitlines()[0].partition(": ")[2]


@click.command(cls=Commands, help="Beside: for the photographs that are hardest to share.")
@click.version_option(package_name=DISTRIBUTION, message="%(version)s")
def main() -> None:
    """Start here. Django is set up once the command is known."""
