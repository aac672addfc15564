"""Who may see what, and nothing else."""

from __future__ import annotations
