"""Backups: what `beside backup` writes and `beside restore` reads."""

from __future__ import annotations
