"""Settings, addresses, and the server's own entrance."""

from __future__ import annotations
