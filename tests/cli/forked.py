"""Runs several commands of Beside's, each in a process of its own that is forked from one that has loaded what all need.

    python -m tests.cli.forked /tmp/place '[["doctor", "--json"], ["verify"]]'

prints a JSON list: for each its exit status, what it printed and complained about, and whether it changed the folder.
"""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import sys
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import click

# What takes long to load, and needs no settings.
_LIBRARIES = (
    *("allauth.account", "allauth.mfa", "cryptography.hazmat.primitives.ciphers.aead"),
    *("django.contrib.auth", "django.core.management", "django.db.migrations.executor"),
    *("django.forms", "django.template", "django.test", "PIL.Image", "granian.server"),
    *("babel.dates", "nh3", "segno", "snowballstemmer", "webauthn", "fido2.server"),
)
_ENDS_WITHIN_S = 240


def run(words: list[str], folder: Path) -> tuple[int, str, str, bool]:
    """The exit status of one command, its output, its complaints, and whether it changed anything."""
    before = digest(folder)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            _be(words, out.fileno(), err.fileno())
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), _read(out), _read(err), digest(folder) != before


def digest(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file and folder, with its rights, its owner, when it was changed, and what is in it if that may be read."""
    found = {}
    for path in (folder, *sorted(folder.rglob("*"))):
        at = path.lstat()
        is_read = path.is_file() and os.access(path, os.R_OK)
        inside = sha256(path.read_bytes()).hexdigest() if is_read else ""
        found[str(path)] = (at.st_mode, at.st_uid, at.st_size, at.st_mtime_ns, inside)
    return found


def _be(words: list[str], out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    # A command that should have ended and runs on, as a worker does, ends by a signal, and what waits for it fails.
    signal.alarm(_ENDS_WITHIN_S)
    sys.argv = ["beside", *words]
    code = 70
    try:
        import_module("beside.cli").main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception:  # noqa: BLE001
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _read(file) -> str:
    file.seek(0)
    return file.read().decode()


def _load() -> None:
    """Whatever can be loaded. Where the set-up forbids it, each command meets that by itself."""
    for name in _LIBRARIES:
        with suppress(Exception):
            import_module(name)
    import_module("beside.config.process").only_look()
    os.environ["DJANGO_SETTINGS_MODULE"] = "beside.config.settings"
    # Django can't be set up twice, and so not after it has failed: another process tries first.
    trying = os.fork()
    if not trying:
        with suppress(Exception):
            import_module("django").setup()
            os._exit(0)
        os._exit(1)
    if os.waitstatus_to_exitcode(os.waitpid(trying, 0)[1]) == 0:
        import_module("django").setup()
        for command in pkgutil.iter_modules(import_module("beside.cli").__path__):
            import_module(f"beside.cli.{command.name}")


if __name__ == "__main__":
    _load()
    click.echo(json.dumps([run(words, Path(sys.argv[1])) for words in json.loads(sys.argv[2])]))
