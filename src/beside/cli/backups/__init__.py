"""Copies of a place: what `backup` writes and `restore` reads."""

from __future__ import annotations
