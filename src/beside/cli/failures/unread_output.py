"""Output whose reader may go, as of `beside upgrade | head`: what the command does is done all the same, and its exit status says how it went."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


class _Unread(io.FileIO):
    """Standard output, or that of errors, which takes everything once nobody reads it."""

    def write(self, data: bytes | memoryview, /) -> int | None:  # type: ignore[override]
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(data)


def go_on_without_reader() -> None:
    """From now on a command isn't cut off in the middle where whoever read its output has gone."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout is sys.__stdout__:
        sys.stdout = _unread(sys.stdout)
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = _unread(sys.stderr)


def _unread(before: io.TextIOWrapper) -> TextIO:
    before.flush()
    unread: Any = _Unread(before.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(unread),
        encoding=before.encoding,
        errors=before.errors,
        line_buffering=before.line_buffering or before.write_through,
    )
