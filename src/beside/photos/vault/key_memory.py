"""What a process remembers of the epoch key, and that it is forgotten where another database may answer from now on.

After a failover to a standby that lagged, the rows say again what was destroyed since; only the slots know better.
"""

from __future__ import annotations


class Memory:
    """An object that stands for all that was remembered since the last time that everything was forgotten."""

    def __init__(self) -> None:
        self.since = object()

    def forget(self) -> None:
        """From now on nothing counts that was remembered before: the slots are read again."""
        self.since = object()


memory = Memory()
