"""How long to wait before a process that died is started again."""

from __future__ import annotations

# Whatever runs for so long isn't what keeps dying.
_LONG_S = 60.0
_FIRST_S, _LONGEST_S = 0.5, 30.0


class RestartDelay:
    """For one process: the wait doubles each time that it dies soon, and starting again is never given up.

    What kills a process (memory that ran out, somebody's hand) often passes by itself, and a place that has ended
    has to be found by its host.
    """

    def __init__(self) -> None:
        self._delay_s = 0.0
        self._started: float | None = None

    def started(self, *, now: float) -> None:
        """It was started at `now`, in seconds of a clock that only goes forward."""
        self._started = now

    def next_s(self, *, now: float) -> float:
        """It has died at `now`: how many seconds to wait."""
        died_soon = self._started is not None and now - self._started < _LONG_S
        self._delay_s = (
            min(self._delay_s * 2, _LONGEST_S) if died_soon and self._delay_s else _FIRST_S
        )
        return self._delay_s
