"""The mark in a data folder that a restore into it has begun, and hasn't ended. Read before Django is loaded."""

from __future__ import annotations

RESTORING = "restoring"
