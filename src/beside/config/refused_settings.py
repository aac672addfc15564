"""What is said of a setting that can't be used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from beside.config.regular_files import read

_LONGEST = 64 * 1024


class UnknownSetting(ValueError):
    """There is a BESIDE_ name in the environment that means nothing here."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        close = get_close_matches(name, known, n=1)
        asks = f" Did you mean {close[0]}?" if close else ""
        super().__init__(f"{name} is not a setting of Beside.{asks} docs/settings.md lists them.")


class UnreadableSetting(ValueError):
    """A file that is to hold a setting's value can't be read."""

    def __init__(self, name: str, file: str, reason: str) -> None:
        super().__init__(
            f"{name} says that its value is in the file {file}, and that can't be read: {reason}."
            " Put the file there, readable for whoever runs Beside, or set the value itself."
        )


class NotText(ValueError):
    """A setting can't be shown, or isn't what it seems to be."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}.")


class SetTwice(ValueError):
    """A setting has a value, and a file with one."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Both {name.removesuffix('_FILE')} and {name} are set. Leave one of them out."
        )


def sentences(wrong: ValidationError) -> str:
    """What is wrong with the values, a line each, without repeating them."""
    lines = [
        f"{_names(error['loc'])}{error['msg'].removeprefix('Value error, ')}"
        for error in wrong.errors()
    ]
    return "\n".join([*lines, "docs/settings.md says what each may be."])


def require_once(name: str, environ: Mapping[str, str]) -> None:
    """Raise `SetTwice` where the setting whose file `name` says has a value as well."""
    if name.removesuffix("_FILE") in environ:
        raise SetTwice(name)


def contents(name: str, file: str) -> str:
    """What is in the file that the setting `name` names. Raises `UnreadableSetting`."""
    try:
        found = read(Path(file), most=_LONGEST)
        if len(found) > _LONGEST:
            raise UnreadableSetting(name, file, f"it is longer than {_LONGEST} bytes")
        return found.decode("utf-8-sig").strip()
    except UnreadableSetting:
        raise
    except OSError as wrong:
        raise UnreadableSetting(name, file, wrong.strerror or "unknown") from None
    except ValueError:
        raise UnreadableSetting(name, file, "it isn't text in UTF-8") from None


def _names(location: tuple[int | str, ...]) -> str:
    """The setting's name; none where it is about several of them together."""
    return f"BESIDE_{'_'.join(map(str, location)).upper()}: " if location else ""
