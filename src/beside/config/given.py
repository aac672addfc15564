"""What the host has given in the environment: the value of each setting, or the file that holds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress

from beside.config.refused_settings import (
    NotText,
    UnknownSetting,
    UnreadableSetting,
    contents,
    require_once,
)

NOT_SETTINGS = ("BESIDE_TEST_", "BESIDE_CORPUS")
# A folder's name may be any bytes. What is said of it elsewhere is said with signs for those that are no text.
_PATHS = {"BESIDE_DATA", "BESIDE_ROOT_KEY_FILE"}
_FILE = "_FILE"


def values(environ: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """Each setting that is given, by its name. Raises `UnknownSetting`, `UnreadableSetting`, `SetTwice` and `NotText`.

    `BESIDE_SMTP_URL_FILE` and its like name a file that holds the value.
    """
    found: dict[str, str] = {}
    for name, value in environ.items():
        if not name.startswith("BESIDE_") or name.startswith(NOT_SETTINGS):
            continue
        if is_file(name, known):
            require_once(name, environ)
            name, value = name.removesuffix(_FILE), contents(name, value)
        if name not in known:
            raise UnknownSetting(name, known)
        _require_text(name, value)
        found[name] = value
    return found


def one(environ: Mapping[str, str], name: str, *, otherwise: str) -> str:
    """One setting as it is given, or in its file; `otherwise` where it is neither, or can't be read."""
    if file := environ.get(f"{name}{_FILE}"):
        with suppress(UnreadableSetting):
            return contents(f"{name}{_FILE}", file)
    return environ.get(name, otherwise)


def is_file(name: str, known: Collection[str]) -> bool:
    """Whether `name` says in which file another setting is."""
    return name not in known and name.endswith(_FILE) and name.removesuffix(_FILE) in known


def _require_text(name: str, value: str) -> None:
    """Return only where `value` can be shown on pages, in mails and in the log. Raises `NotText`."""
    control = next((sign for sign in value if unicodedata.category(sign) == "Cc"), None)
    if control is not None:
        raise NotText(
            name,
            f"has a control character in it (U+{ord(control):04X}), which nobody sees. Write it without",
        )
    if name not in _PATHS and any(unicodedata.category(sign) == "Cs" for sign in value):
        raise NotText(
            name, "isn't text in UTF-8. Was it written as Latin-1? Write it again as UTF-8"
        )
