"""Checking that a place is whole. Nothing here writes."""

from __future__ import annotations
