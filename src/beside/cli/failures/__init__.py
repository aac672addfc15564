"""What commands say when something fails."""

from __future__ import annotations
