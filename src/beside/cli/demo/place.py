"""The folder that a demonstration lives in, and nothing else of this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

SETTINGS = "beside.cli.demo.settings"
MARKER = "this-is-a-demonstration"


@contextmanager
def throw_away(environ: MutableMapping[str, str]) -> Iterator[Path]:
    """Point `environ` to a new place under the temporary folder; it is gone when this ends.

    Whatever the environment says of data, keys, databases and mail servers is put aside: a demonstration
    that reached the host's own people would be no demonstration.
    """
    folder = Path(tempfile.mkdtemp(prefix="beside-demo-"))
    for name in ("DATA", "ROOT_KEY_FILE", "DATABASE_URL", "SMTP_URL"):
        environ.pop(f"BESIDE_{name}", None)
        environ.pop(f"BESIDE_{name}_FILE", None)
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / MARKER).touch()
    environ["BESIDE_DATA"] = str(folder / "data")
    environ["BESIDE_ROOT_KEY_FILE"] = str(folder / "root.key")
    environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
