"""Archives: everything of an author's in one file, to keep or to hand over, that opens without a server."""

from __future__ import annotations
