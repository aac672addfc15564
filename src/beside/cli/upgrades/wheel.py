"""A release as one file: what it says of itself, whether it is whole, and installing it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from beside import DISTRIBUTION
from beside.cli.process.version_numbers import is_number

SUMS = "SHA256SUMS"
# The exact versions of everything that it needs, with their sums. It is inside each wheel.
REQUIREMENTS = "beside/requirements.txt"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# What reading a damaged archive raises.
_DAMAGED = (
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


class NotOurs(Exception):
    """The file isn't a release of Beside."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} isn't a release of Beside: {why}. Nothing has been changed.")


class Altered(Exception):
    """The file isn't the one that its list of sums is about."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} isn't what {path.with_name(SUMS)} says it is. Fetch both again. Nothing has been changed."
        )


class NotListed(Exception):
    """The list of sums says nothing of the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.with_name(SUMS)} doesn't list {path.name}. Put the list that belongs to this release beside it, or move the other"
            " away. Nothing has been changed."
        )


class NotInstalled(Exception):
    """It couldn't be installed."""

    def __init__(self, says: str) -> None:
        super().__init__(
            f"The new version couldn't be installed:\n{says.strip()}\nThe version before still runs, as it was."
        )


@dataclass(frozen=True, slots=True)
class Wheel:
    """One release."""

    path: Path
    version: str

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """What the file says of itself. Raises `NotOurs`, and `NotListed` or `Altered` if a list of sums beside it doesn't name it, or says otherwise."""
        if not path.is_file():
            raise NotOurs(path, "it is no regular file")
        _compare(path)
        try:
            with ZipFile(path) as opened:
                if damaged := opened.testzip():
                    raise NotOurs(path, f"{damaged} in it is damaged")
                names = opened.namelist()
                about = [name for name in names if name.endswith(".dist-info/METADATA")]
                said = BytesParser().parsebytes(opened.read(about[0]) if len(about) == 1 else b"")
        except _DAMAGED:
            raise NotOurs(path, "it can't be read as a wheel, and may be damaged") from None
        name, version = str(said["Name"]), str(said["Version"])
        if name != DISTRIBUTION:
            raise NotOurs(path, f"it isn't called {DISTRIBUTION}")
        if not is_number(version) or REQUIREMENTS not in names:
            raise NotOurs(path, "it doesn't say its version, or what it needs")
        return cls(path, version)

    def install(self, folder: Path) -> None:
        """Make a virtual environment in `folder` with it and all that it needs. Raises `NotInstalled`."""
        _run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        pip += ["--disable-pip-version-check", "--no-input"]
        with tempfile.TemporaryDirectory() as scratch, ZipFile(self.path) as opened:
            needs = opened.extract(REQUIREMENTS, scratch)
            _run([*pip, "--require-hashes", "--requirement", needs])
        _run([*pip, "--no-deps", str(self.path.resolve())])


def _compare(path: Path) -> None:
    sums = path.with_name(SUMS)
    if not sums.exists():
        return
    # Some systems write it in UTF-16, and with capital letters.
    read = sums.read_bytes()
    text = read.decode("utf-16" if read[:2] in _UTF_16 else "utf-8-sig", "replace")
    lines = [line.split() for line in text.splitlines()]
    said = {_named(words[1]): words[0].lower() for words in lines if len(words) == 2}
    # As BSD and macOS write it: SHA256 (NAME) = SUM
    said |= {
        _named(words[1]): words[3].lower() for words in lines if len(words) == 4 and words[2] == "="
    }
    if path.name not in said:
        raise NotListed(path)
    if said[path.name] != hashlib.sha256(path.read_bytes()).hexdigest():
        raise Altered(path)


def _named(word: str) -> str:
    """The file's own name: the list may have been made in another folder."""
    return word.lstrip("*").removeprefix("(").removesuffix(")").rpartition("/")[2]


def _run(command: list[str]) -> None:
    # What is installed is for the service's user to read; commands of ours keep to themselves what they make.
    done = subprocess.run(command, check=False, capture_output=True, text=True, umask=0o022)  # noqa: S603
    if done.returncode:
        raise NotInstalled(done.stderr or done.stdout)
