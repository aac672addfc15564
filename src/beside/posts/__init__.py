"""Posts: who wrote them, who they are for, and how they end."""

from __future__ import annotations
