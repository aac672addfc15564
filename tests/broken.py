"""A function that fails the first time, as for one broken row of many."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest


class Broken(Exception):
    """What nobody has thought of."""


def fails_at_first(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """Let the function `name` of `module` fail when it is called next, after its work is done."""
    real, calls = getattr(module, name), []

    def failing(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        returned = real(*args, **kwargs)
        if len(calls) == 1:
            raise Broken
        return returned

    monkeypatch.setattr(module, name, failing)
