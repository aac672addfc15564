"""The command `beside`: one module here for each thing that a host does; packages hold what they share."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module

import click
import django
from django.core.exceptions import ImproperlyConfigured
from pydantic import ValidationError

from beside.config.env import UnknownSetting
from beside.config.process import keep_to_itself
from beside.photos.vault.root import RootKeyInsideData, RootKeyMissing, RootKeyWrongLength

# These start before Django does, or without it: a supervisor that loaded Django would cost 50 MB for nothing.
LIGHT = {"serve", "django", "settings"}
_TELLING = (
    UnknownSetting,
    RootKeyInsideData,
    RootKeyMissing,
    RootKeyWrongLength,
    ImproperlyConfigured,
    OSError,
)


class Commands(click.Group):
    """Finds each command in the module of its name, and loads only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        modules = pkgutil.iter_modules(__path__)
        return sorted(m.name for m in modules if not m.ispkg and not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
        keep_to_itself()
        if cmd_name not in LIGHT:
            start_django()
        command = import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


def start_django() -> None:
    """Read the settings; what is wrong with them ends the command with its sentence."""
    try:
        django.setup()
    except ValidationError as wrong:
        lines = [
            f"BESIDE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in wrong.errors()
        ]
        raise click.ClickException(
            "\n".join([*lines, "docs/settings.md says what each may be."])
        ) from None
    except _TELLING as wrong:
        raise click.ClickException(str(wrong)) from None


@click.command(cls=Commands, help="Beside: for the photographs that are hardest to share.")
@click.version_option(package_name="beside", message="%(version)s")
def main() -> None:
    """Start here. Django is set up once the command is known."""
