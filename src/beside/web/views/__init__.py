"""One module of views for each noun."""

from __future__ import annotations
