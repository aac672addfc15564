"""What `serve` and `worker` share: setting up a place, and running its processes."""

from __future__ import annotations
