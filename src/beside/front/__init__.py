"""The front: takes requests in the server's event loop, so that a slow socket never holds a thread."""

from __future__ import annotations
