"""What a person is told: never a name, never a photograph."""

from __future__ import annotations
