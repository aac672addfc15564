"""What the host and the moderators do: house words, reports, and closing what does harm."""

from __future__ import annotations
