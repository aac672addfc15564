"""Decides who may see what."""

from __future__ import annotations
