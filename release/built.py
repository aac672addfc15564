"""Building the wheel and the source archive, from what git has of this checkout and from nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NEEDED = ("src", "LICENSE", "README.md", "pyproject.toml")
_BUILD = """
import sys
from pathlib import Path
from flit_core import sdist, wheel
wheel.make_wheel_in(Path("pyproject.toml"), Path(sys.argv[1]))
sdist.SdistBuilder.from_ini_path(Path("pyproject.toml")).build(Path(sys.argv[1]), gen_setup_py=False)
"""


class NotTheSame(Exception):
    """Two builds of the same source differ."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has other bytes when it is built again.")


def made_at() -> int:
    """When the source was committed, in seconds: the only moment that a release knows."""
    asked = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True).stdout)  # noqa: S603


def build_twice(target: Path) -> list[Path]:
    """Build in two folders, under other circumstances; write to `target` what is the same. Raises `NotTheSame`."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        files = _build(Path(first), zone="UTC", mask=0o022)
        again = _build(Path(second), zone="Asia/Kathmandu", mask=0o077)
        for one, other in zip(files, again, strict=True):
            if one.name != other.name or one.read_bytes() != other.read_bytes():
                raise NotTheSame(one.name)
        return [Path(shutil.copyfile(one, target / one.name)) for one in files]


def _build(folder: Path, *, zone: str, mask: int) -> list[Path]:
    source, target = folder / "source", folder / "dist"
    target.mkdir()
    before = os.umask(mask)
    try:
        for name in _listed():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)
    finally:
        os.umask(before)
    environ = os.environ | {"SOURCE_DATE_EPOCH": str(made_at()), "TZ": zone}
    command = [sys.executable, "-c", _BUILD, str(target)]
    subprocess.run(command, cwd=source, env=environ, umask=mask, check=True)  # noqa: S603
    return sorted(target.iterdir())


def _listed() -> list[str]:
    asked = ["git", "ls-files", "-z", "--", *_NEEDED]
    said = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return [name for name in said.stdout.decode().split("\0") if name]
