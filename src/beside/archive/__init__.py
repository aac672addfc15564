"""What is kept for life, and handed over: an archive that opens without any server."""

from __future__ import annotations
