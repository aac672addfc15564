"""People: accounts, circles, follows, blocks, invitations, sessions."""

from __future__ import annotations
