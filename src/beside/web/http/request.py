"""The type of request that views take."""

from __future__ import annotations

from django.http import HttpRequest

from beside.access.policy import Viewer
from beside.people.models import Account


class Request(HttpRequest):
    """A request with its viewer; `web.http.middleware.viewer` has set both attributes."""

    viewer: Viewer

    @property
    def account(self) -> Account:
        """The account that is signed in. Only for views that require sign-in."""
        assert isinstance(self.user, Account)
        return self.user
