"""Codes that are printed on paper and typed by hand: no sign is like another, and what was misread is still right."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

# Each is five bits.
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans("oil", "011")


@dataclass(frozen=True)
class PrintedCode:
    """Codes of so many groups, each of so many signs, with a hyphen between them."""

    groups: int
    signs: int

    def new(self) -> str:
        """A new code, as it is printed."""
        return "-".join(self._group() for _number in range(self.groups))

    def as_printed(self, typed: str) -> str | None:
        """The code as it is printed, however it was typed; None if it can't be one."""
        group = rf"([0-9a-z]{{{self.signs}}})"
        found = re.fullmatch("-?".join([group] * self.groups), typed.strip().lower())
        return "-".join(found.groups()).translate(_MISREAD) if found else None

    def _group(self) -> str:
        return "".join(secrets.choice(_SIGNS) for _sign in range(self.signs))
