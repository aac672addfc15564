"""What a process can do with an object store that is to be forked later: each call in a child.

obstore keeps threads from its first call on, and in a child of a process with threads it would wait for them for ever.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import obstore

_CALLED = ("put", "get", "delete", "list")


class _Got:
    """What `obstore.get` returned there."""

    def __init__(self, content: bytes, meta: dict[str, Any]) -> None:
        self._content, self.meta = content, meta

    def bytes(self) -> bytes:
        return self._content


@contextmanager
def in_children() -> Iterator[None]:
    """While the block runs, every call of obstore is made by a child of this process."""
    done = {name: _by_a_child(getattr(obstore, name)) for name in _CALLED}
    with patch.multiple(obstore, **done):
        yield


def _by_a_child(act: Callable[..., Any]) -> Callable[..., Any]:
    def acting(*arguments: Any, **how: Any) -> Any:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.close(reading)
                with os.fdopen(writing, "wb") as pipe:
                    pipe.write(pickle.dumps(_said(act, *arguments, **how)))
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            written = pipe.read()
        os.waitpid(child, 0)
        said, raised = pickle.loads(written)
        if raised:
            raise raised
        return said

    return acting


def _said(act: Callable[..., Any], *arguments: Any, **how: Any) -> tuple[Any, Exception | None]:
    try:
        said = act(*arguments, **how)
        if act.__name__ == "get":
            return _Got(bytes(said.bytes()), said.meta), None
        return (list(said) if act.__name__ == "list" else None), None
    except Exception as wrong:  # noqa: BLE001
        return None, wrong
