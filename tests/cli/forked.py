"""Runs several commands of Beside's, each in a process of its own that is forked from one that has loaded the libraries.

    python -m tests.cli.forked '[["doctor", "--json"], ["verify"]]'

prints a JSON list: for each its exit status, and what it printed and complained about.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib import import_module

import click

# What takes long to load, and needs no settings.
_LIBRARIES = (
    *("allauth.account", "allauth.mfa", "cryptography.hazmat.primitives.ciphers.aead"),
    *("django.contrib.auth", "django.core.management", "django.db.migrations.executor"),
    *("django.forms", "django.template", "django.test", "PIL.Image", "granian.server"),
    *("babel.dates", "nh3", "segno", "snowballstemmer", "webauthn", "fido2.server"),
)


def run(words: list[str]) -> tuple[int, str, str]:
    """The exit status of one command, its output and its complaints."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            _be(words, out.fileno(), err.fileno())
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), _read(out), _read(err)


def _be(words: list[str], out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = ["beside", *words]
    code = 70
    try:
        import_module("beside.cli").main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _read(file) -> str:
    file.seek(0)
    return file.read().decode()


def main() -> None:
    """Load what takes long, and run each."""
    for name in _LIBRARIES:
        try:
            import_module(name)
        except Exception as needs_settings:
            assert needs_settings
    import_module("beside.cli")
    click.echo(json.dumps([run(words) for words in json.loads(sys.argv[1])]))


if __name__ == "__main__":
    main()
