"""Output whose reader may go, as of `beside upgrade | head`: what the command does is done all the same, and its exit status says how it went."""

from __future__ import annotations

import io
import os
import sys


class _Unread(io.FileIO):
    """Standard output that takes everything once nobody reads it."""

    def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(data)


def go_on_without_reader() -> None:
    """From now on a command isn't cut off in the middle where whoever read its output has gone."""
    if sys.stdout is not sys.__stdout__ or sys.stdout is None:
        return
    sys.stdout.flush()
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_Unread(sys.stdout.fileno(), "w", closefd=False)),
        encoding=sys.stdout.encoding,
        errors=sys.stdout.errors,
        line_buffering=sys.stdout.line_buffering,
    )
