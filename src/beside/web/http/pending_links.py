"""Somebody who has come from the identity provider and isn't linked yet: noted in their session, for ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from beside.web.http.identity_provider import Identity

_KEY = "pending_organisation_link"
_KEPT_FOR = timedelta(minutes=10)


def remember(request: HttpRequest, identity: Identity, *, at: datetime) -> None:
    """Note who has come."""
    request.session[_KEY] = [identity.digest, identity.address, at.isoformat()]


def of(request: HttpRequest, *, at: datetime) -> Identity | None:
    """Who has come, if that was lately."""
    noted = request.session.get(_KEY)
    if noted is None:
        return None
    if at - datetime.fromisoformat(noted[2]) > _KEPT_FOR:
        forget(request)
        return None
    return Identity(noted[0], noted[1])


def forget(request: HttpRequest) -> None:
    """They have answered, or signed in as somebody else."""
    request.session.pop(_KEY, None)


def is_for(identity: Identity, email: str) -> bool:
    """Whether the provider has confirmed the very address that the account has."""
    return bool(identity.address) and identity.address.lower() == email.lower()
