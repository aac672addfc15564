"""`python -m beside.cli`: the command `beside`, for the processes that it starts itself."""

from __future__ import annotations

from beside.cli import main

if __name__ == "__main__":
    main()
