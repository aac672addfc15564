"""Devices that are told of news by Web Push: each signed-in browser by itself, until it is signed out.

A push is sent at most once and is empty, so that neither the push service nor the length says anything. What
the device shows is written in our own service worker. One that fails isn't repeated: the next news will do.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.notices import push
from beside.notices.models import PushSubscription
from beside.notices.slow_push_services import SlowServices

LONGEST_ENDPOINT = 1000
# A push that takes longer, in seconds, has its service left alone.
SLOW_S = 5.0
_LOOKED_AT = 50
slow_services = SlowServices()


class UnfitEndpoint(Exception):
    """What a browser named isn't the address of a push service."""

    def __init__(self) -> None:
        super().__init__(
            _("The push service of this browser can’t be used here. A mail reaches you as well.")
        )


@transaction.atomic
def subscribe(account: UUID, session: str, endpoint: str, *, at: datetime) -> None:
    """Tell the browser of `session` from now on, and nobody who used the same browser before.

    Raises `UnfitEndpoint`.
    """
    _require_fit(endpoint)
    PushSubscription.objects.filter(session=session).exclude(endpoint=endpoint).delete()
    told = {"account_id": account, "session_id": session, "began_at": at, "due_at": None}
    PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=told)


def unsubscribe(account: UUID, session: str | None) -> None:
    """Don't tell the browser of `session` any more."""
    PushSubscription.objects.filter(account_id=account, session=session).delete()


def of(account: UUID) -> QuerySet[PushSubscription]:
    """The devices of `account` that are told."""
    return PushSubscription.objects.filter(account_id=account)


def announce(account: UUID, *, at: datetime) -> None:
    """Have a push sent to each device of `account`."""
    of(account).update(due_at=at)


def withdraw(account: UUID) -> None:
    """Send none of the pushes that are waiting."""
    of(account).update(due_at=None)


def send_next(*, at: datetime) -> bool:
    """Send the next push that is due, if any; returns whether there was one. Several threads may call it.

    One to a service that is left alone (`slow_push_services`) waits until then, and the next is sent before it.
    """
    due = PushSubscription.objects.filter(due_at__lte=at, session__expire_date__gt=at)
    for one in due.order_by("due_at", "pk")[:_LOOKED_AT]:
        mine = due.filter(pk=one.pk)
        if later := slow_services.until(_host_of(one), one.account_id, at=at):
            mine.update(due_at=later)
        elif mine.update(due_at=None):
            _send(one, at=at)
            return True
    return False


def _send(one: PushSubscription, *, at: datetime) -> None:
    began = monotonic()
    if push.send(one.endpoint, at=at) is push.Answer.GONE:
        PushSubscription.objects.filter(pk=one.pk, endpoint=one.endpoint).delete()
    if monotonic() - began > SLOW_S:
        slow_services.leave_alone(_host_of(one), one.account_id, at=at)


def _host_of(one: PushSubscription) -> str:
    return urlsplit(one.endpoint).hostname or ""


def _require_fit(endpoint: str) -> None:
    """Only what can be told without asking anybody; `push` looks at where the name leads, each time."""
    try:
        parts = urlsplit(endpoint)
        is_fit = (
            len(endpoint) <= LONGEST_ENDPOINT
            and endpoint.isascii()
            and endpoint.isprintable()
            and " " not in endpoint
            and parts.scheme == "https"
            and parts.port in (None, push.PORT)
            and "@" not in parts.netloc
            and not parts.fragment
            and "." in (parts.hostname or "")
            and not _is_number(parts.hostname or "")
        )
    except ValueError:
        is_fit = False
    if not is_fit:
        raise UnfitEndpoint


def _is_number(host: str) -> bool:
    """Push services have names. A number would only be of use to reach something else."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit()
    return True
