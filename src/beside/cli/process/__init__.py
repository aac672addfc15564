"""What `serve` and `worker` share: preparing a place, and keeping its processes together."""

from __future__ import annotations
