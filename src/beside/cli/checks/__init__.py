"""What `beside doctor` checks, and how it reports what it found."""

from __future__ import annotations
