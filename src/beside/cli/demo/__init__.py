"""A throw-away place with a made-up family. Nothing here is in the addresses or settings of an ordinary one."""

from __future__ import annotations
