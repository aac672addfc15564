"""Backups: what `beside backup` writes and `beside restore` reads."""

from __future__ import annotations

# The exit status of a backup that is finished but for files that this place has lost.
AS_FAR_AS_IT_GOES = 3
