"""Photographs' bytes, to those who may see them; the only way they leave."""

from __future__ import annotations
