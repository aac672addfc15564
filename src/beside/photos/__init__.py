"""Photographs: how they come in, how they are kept, how their keys end."""

from __future__ import annotations
