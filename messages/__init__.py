"""Sentences and their translations: what `make messages` does, and the made-up languages that tests look at pages in."""

from __future__ import annotations
