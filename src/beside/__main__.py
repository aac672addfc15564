"""`python -m beside` is the command `beside`."""

from __future__ import annotations

from beside.cli import main

if __name__ == "__main__":
    main()
