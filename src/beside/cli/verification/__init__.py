"""Proving that a store is whole. Nothing here writes."""

from __future__ import annotations
