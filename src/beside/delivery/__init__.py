"""Sends photographs' bytes to whoever the rule allows, and nothing to anybody else."""

from __future__ import annotations
