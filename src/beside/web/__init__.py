"""Pages: everything a person sees but the photographs' bytes."""

from __future__ import annotations
