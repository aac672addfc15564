"""`beside upgrade`: back up, install a new version, migrate, and restart; or go back to the version before."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

from beside.cli.failures.empty_words import required
from beside.cli.upgrades.installation import Installation
from beside.cli.upgrades.served_place import ServedPlace
from beside.cli.upgrades.upgrade import Upgrade
from beside.cli.upgrades.wheel import Wheel
from beside.photos.vault.bucket_places import is_address


@click.command(
    help="Upgrade to the release in WHEEL, after a backup to DEST. With --back, run the version before again."
)
@click.argument(
    "wheel", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.argument("dest", required=False, callback=required)
@click.option("--back", is_flag=True, help="Run the version before again.")
@click.option(
    "--through",
    default="",
    help="What stands before a command that reaches the data, such as /opt/beside/as-service.",
)
@click.option(
    "--restart", default="", help="What restarts the server, such as 'systemctl restart beside'."
)
@click.option(
    "--no-way-back", is_flag=True, help="Upgrade even if the version before can't run afterwards."
)
def command(
    wheel: Path | None,
    dest: str | None,
    *,
    back: bool,
    through: str,
    restart: str,
    no_way_back: bool,
) -> None:
    """Upgrade, and say each step; whatever goes wrong, say which version runs."""
    if back == (wheel is not None) or (wheel is None) != (dest is None):
        raise click.UsageError("Name a WHEEL and where to back up to, or --back.")
    place = ServedPlace(_words("--through", through), _words("--restart", restart))
    installation = Installation.around(Path(sys.prefix))
    upgrade = Upgrade(installation, place, click.echo)
    with installation.taken():
        if wheel is None or dest is None:
            upgrade.back()
        else:
            upgrade.to(Wheel.read(wheel), backup=_absolute(dest), may_be_one_way=no_way_back)


def _words(option: str, command: str) -> list[str]:
    """The words of a command that will be run. What can't be one is a usage error, before anything is changed."""
    try:
        words = shlex.split(command)
    except ValueError as wrong:
        raise click.UsageError(f"{option}: {wrong}.") from None
    if words and shutil.which(words[0]) is None:
        raise click.UsageError(f"{option}: there is no program {words[0]}.")
    return words


def _absolute(dest: str) -> str:
    """As the version before understands it, wherever it is run."""
    return dest if is_address(dest) else str(Path(dest).absolute())
