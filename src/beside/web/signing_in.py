"""How people come in: what Beside asks of django-allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Sign-up only with an invitation, unless the host opens it."""
