"""The data folder that an act runs in, restored for every run. Nothing here needs Django."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class Folder:
    """The folder of the scenario, restored for every run to how it was made."""

    def __init__(self, folder: Path) -> None:
        self.now, self._as_made = folder / "place", folder / "as-made"

    def keep(self) -> None:
        self.now.rename(self._as_made)

    def put_back(self) -> None:
        shutil.rmtree(self.now, ignore_errors=True)
        shutil.copytree(self._as_made, self.now)

    def replace(self, folder: Path) -> None:
        shutil.rmtree(self.now)
        folder.rename(self.now)


def environment(folder: Path, *, database: str = "") -> dict[str, str]:
    """The environment of a process whose data is in `folder`, and its rows in `database` if they aren't there too."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    return kept | {
        "BESIDE_DATA": str(folder / "place" / "data"),
        "BESIDE_DATABASE_URL": database,
        "BESIDE_ROOT_KEY_FILE": str(folder / "place" / "root.key"),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }
