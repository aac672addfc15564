"""The type of request that views take, and where a form's answer goes back to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from beside.access.policy import NothingToSee, Viewer
from beside.people.models import Account


class Request(HttpRequest):
    """A request with its viewer; `web.http.middleware.viewer` has set both attributes."""

    viewer: Viewer

    @property
    def account(self) -> Account:
        """The account that is signed in. Only for views that require sign-in."""
        assert isinstance(self.user, Account)
        return self.user


def signed_in_as(request: HttpRequest) -> Account | None:
    """The account that is signed in, if any."""
    return request.user if isinstance(request.user, Account) else None


def posted_id(request: HttpRequest, name: str) -> UUID:
    """The id that the form's field `name` holds. Raises `NothingToSee` where it holds none, as for an id of nothing."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise NothingToSee from None


def next_path(request: HttpRequest, *, otherwise: str) -> str:
    """The path on this site that the form's `next` names, or `otherwise`."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else otherwise
