"""A request that knows who is looking."""

from __future__ import annotations

from django.http import HttpRequest

from beside.access.policy import Viewer
from beside.people.models import Account


class Request(HttpRequest):
    """What Beside's views are given: `web.http.middleware.viewer` has set both attributes."""

    viewer: Viewer

    @property
    def account(self) -> Account:
        """The account that is signed in. Only for views that need sign-in."""
        assert isinstance(self.user, Account)
        return self.user
