"""How the command `beside` begins: to load it takes half a second, in which Ctrl-C ends it at once and without a word."""

from __future__ import annotations

import signal


def main() -> None:
    """Load the command and run it. Until it has something to finish, `beside.cli` leaves Ctrl-C to the system."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from beside.cli import main as command  # noqa: PLC0415

    command()


if __name__ == "__main__":
    main()
