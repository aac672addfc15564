"""Moving a place to another database."""

from __future__ import annotations
