"""What is inside a release besides Beside itself: each package, its version, its sums, and its licence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)\s*(;[^\\]*)?", re.MULTILINE)
_SUM = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# What metadata says in words of its own, or only by classifiers.
_SAID_OTHERWISE = {
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "qrcode": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
}
# Licences whose works may be part of one under the GNU Affero General Public License, version 3 or later.
MAY_BE_INSIDE = {
    *("MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"),
    *("MPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later", "AGPL-3.0-or-later"),
}


class LicenceNotKnown(Exception):
    """A package says no licence, or one that nobody has looked at."""

    def __init__(self, name: str, says: str) -> None:
        super().__init__(f"{name} has the licence {says!r}. Look at it, and say so in {__name__}.")


@dataclass(frozen=True, slots=True)
class Package:
    """One package that is installed with Beside."""

    name: str
    version: str
    sums: tuple[str, ...]
    licence: str
    summary: str


def packages(requirements: Path) -> list[Package]:
    """Each package in the lock that is installed here. Raises `LicenceNotKnown`."""
    text = requirements.read_text("utf-8")
    starts = [found.start() for found in _PINNED.finditer(text)] + [len(text)]
    found = []
    for entry, end in zip(_PINNED.finditer(text), starts[1:], strict=True):
        name, version, only_elsewhere = entry.groups()
        try:
            about = metadata(name)
        except PackageNotFoundError:
            if not only_elsewhere:
                raise
            continue
        sums = tuple(_SUM.findall(text[entry.start() : end]))
        found.append(Package(name, version, sums, _licence(name, about), str(about["Summary"])))
    return found


def _licence(name: str, about: PackageMetadata) -> str:
    said = [*(about.get_all("License-Expression") or []), *(about.get_all("License") or []), ""]
    says: str = _SAID_OTHERWISE.get(name) or said[0]
    known = set(re.split(r" (?:AND|OR) ", says)) <= MAY_BE_INSIDE
    if not known:
        raise LicenceNotKnown(name, says)
    return says
