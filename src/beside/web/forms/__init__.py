"""Forms: they check what was typed and nothing more."""

from __future__ import annotations
