"""Output whose reader may go, as of `beside upgrade | head`, or whose disk is full: what the command does is done all the same."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


class OutputLost(Exception):
    """What a command said isn't all where it was to be."""

    def __init__(self, why: OSError) -> None:
        super().__init__(
            f"What this command does is done, but not all that it said could be written ({why.strerror})."
        )


class _Unread(io.FileIO):
    """Standard output, or that of errors, which takes everything where nobody reads it, or its disk is full."""

    # Why something wasn't written, though somebody may want to read it.
    lost: OSError | None = None

    def write(self, data: bytes | memoryview, /) -> int | None:  # type: ignore[override]
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
        except OSError as wrong:
            # Tried again with the next line: a log goes on once there is room.
            self.lost = wrong
        return len(data)


def go_on_without_reader() -> None:
    """From now on a command isn't cut off in the middle where whoever read its output has gone."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout is sys.__stdout__:
        sys.stdout = _unread(sys.stdout)
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = _unread(sys.stderr)


def require_written() -> None:
    """Return only where all that was said is where it was to be, or nobody wanted it. Raises `OutputLost`."""
    sys.stdout.flush()
    output = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if isinstance(output, _Unread) and output.lost:
        raise OutputLost(output.lost)


def _unread(before: io.TextIOWrapper) -> TextIO:
    before.flush()
    unread: Any = _Unread(before.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(unread),
        encoding=before.encoding,
        # A sign that the terminal doesn't have must not end a command in its middle.
        errors="replace" if before.errors == "strict" else before.errors,
        line_buffering=before.line_buffering or before.write_through,
    )
