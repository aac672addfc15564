"""The folder that a demonstration lives in, and nothing else of this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path

SETTINGS = "beside.cli.demo.settings"
MARKER = "this-is-a-demonstration"
# What the host may say of a demonstration too. No other setting of theirs is let in, whatever one is called.
_KEPT = {
    f"BESIDE_{name}"
    for name in (
        "BIND",
        "CONTACT",
        "DEBUG",
        "HELPLINE",
        "HELPLINE_SAYS",
        "KEEPER",
        "LANGUAGE",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "PLACE_NAME",
        "RISK_UNLOCKED_DARKROOM",
        "SERVER_WORKERS",
        "TIME_ZONE",
        "URL",
    )
}


@contextmanager
def throw_away(environ: MutableMapping[str, str]) -> Iterator[Path]:
    """Point `environ` to a new place under the temporary folder; it is gone when this ends.

    Whatever the environment says of data, keys, stores, databases, mail and sign-in is put aside: a demonstration
    that reached the host's own people would be no demonstration, and its worker would sweep their store.
    """
    folder = Path(tempfile.mkdtemp(prefix="beside-demo-"))
    for name in [one for one in environ if one.startswith("BESIDE_") and not _is_kept(one)]:
        del environ[name]
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / MARKER).touch()
    environ["BESIDE_DATA"] = str(folder / "data")
    environ["BESIDE_ROOT_KEY_FILE"] = str(folder / "root.key")
    environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_kept(name: str) -> bool:
    return name.removesuffix("_FILE") in _KEPT
