"""Upgrades: versions installed beside each other, and the way from one to the next and back.

Nothing here loads Django: what is asked of a place is asked of that version's own `beside`, in a process of its own.
"""

from __future__ import annotations
