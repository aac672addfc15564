"""Moving a place: its rows to another database, its files to another store, its epoch key to another keyring."""

from __future__ import annotations
