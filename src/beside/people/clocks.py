"""The clocks of several machines, which are never quite the same."""

from __future__ import annotations

from datetime import timedelta

# A time from another machine that is no more than this too late is a time, and not the sign of a clock that was wrong.
MAY_DIFFER = timedelta(minutes=1)
