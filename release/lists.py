"""The lists that go with a release: its bill of materials (CycloneDX), licences, and sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from beside import DISTRIBUTION
from release.contents import Package

LICENCE = "AGPL-3.0-or-later"


def bill_of_materials(version: str, inside: Sequence[Package], *, made_at: int) -> str:
    """A CycloneDX 1.6 document. The same release has the same one."""
    itself = f"pkg:pypi/{DISTRIBUTION}@{version}"
    said: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, itself)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(made_at, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": itself,
                "name": DISTRIBUTION,
                "version": version,
                "purl": itself,
                "licenses": [{"expression": LICENCE}],
            },
        },
        "components": [_component(package) for package in inside],
        "dependencies": [{"ref": itself, "dependsOn": [_purl(package) for package in inside]}],
    }
    return json.dumps(said, indent=1, ensure_ascii=False) + "\n"


def licences(inside: Iterable[Package]) -> str:
    """A table of what each package may be used under; the texts are in the packages."""
    rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in inside]
    head = (
        f"# Licences\n\nBeside itself is under {LICENCE}. With it are installed, each with the text of its licence:\n\n"
        "| package | version | licence |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def sums(files: Iterable[Path]) -> str:
    """Lines that `sha256sum --check` reads."""
    return "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)
    )


def _component(package: Package) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package.name,
        "version": package.version,
        "purl": _purl(package),
        "description": package.summary,
        "licenses": [{"expression": package.licence}],
        # Of every file of this version that a machine may fetch: one for each kind of processor.
        "properties": [
            {"name": "beside:sha256-of-a-file", "value": digest} for digest in package.sums
        ],
    }


def _purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"
