"""make release: what is handed out of a version, made twice and compared, and tried as a host would."""

from __future__ import annotations
