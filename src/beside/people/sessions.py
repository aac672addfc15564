"""Sessions that know whose they are, so that one person's can be listed and ended.

`delivery` reads the row itself at every photograph: a deleted row ends a session everywhere.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from beside.people.models import Session


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, with the account beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.account_id = data.get(SESSION_KEY)
        session.device = data.get("device", "")
        began_at = data.get("began_at")
        if began_at is not None:
            session.began_at = began_at
        return session
