"""Sends the bytes of a photograph to viewers whom the rule allows, and nothing to anybody else."""

from __future__ import annotations
