"""Sessions with a column for their account, so that one person's can be listed and ended.

`delivery` reads the row for every photograph, so deleting it ends the session everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from beside.people import devices, narrowings
from beside.people.models import Account, Narrowing, Session

DEVICE = "device"
BEGAN_AT = "began_at"
# How long a visitor's session is good for. Its cookie ends with their browser.
VISIT_LASTS = timedelta(hours=12)
_CLEARED_AT_ONCE = 5000


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, with a column for the account."""

    def _validate_session_key(self, key: Any) -> bool:  # noqa: ANN401 -- as Django's
        """A key is made of letters and digits. PostgreSQL refuses to be asked for some that aren't."""
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def get_session_cookie_age(self) -> int:
        """Seconds that a session lasts where nothing else is said, as of one that ends with the browser."""
        is_visitors = self.get("_session_expiry") == 0 and SESSION_KEY not in self
        return int(VISIT_LASTS.total_seconds()) if is_visitors else super().get_session_cookie_age()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.account_id = data.get(SESSION_KEY)
        session.device = data.get(DEVICE, "")
        began_at = data.get(BEGAN_AT)
        if began_at is not None:
            session.began_at = datetime.fromisoformat(began_at)
        return session

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have ended, with what hangs on them, so many at once as one statement can name."""
        ended = Session.objects.filter(expire_date__lt=Now())
        while keys := list(ended.values_list("pk", flat=True)[:_CLEARED_AT_ONCE]):
            Session.objects.filter(pk__in=keys).delete()


def begin_visit(session: SessionBase) -> None:
    """Begin a session for a visitor without an account. It ends with their browser, and after `VISIT_LASTS`."""
    session.set_expiry(0)
    session.create()


@dataclass(frozen=True)
class Device:
    """A device on which somebody is signed in. `id` is a digest of the session's key and signs nobody in."""

    id: str
    kind: str
    began_at: datetime
    is_this: bool


def kind_of_device(user_agent: str) -> str:
    """The kind of device that a User-Agent header names: "phone", "tablet" or "computer"."""
    if "iPad" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    if "Mobi" in user_agent or "iPhone" in user_agent:
        return "phone"
    return "computer"


def of(account: Account, *, this: str | None, at: datetime) -> list[Device]:
    """The devices on which `account` is signed in at `at`. The session with the key `this` comes first."""
    devices = [
        Device(_name(row.session_key), row.device, row.began_at, row.session_key == this)
        for row in _alive(account).filter(expire_date__gt=at).order_by("-began_at")
    ]
    return sorted(devices, key=lambda device: not device.is_this)


def is_alive(session_key: str | None, *, of: Account, at: datetime) -> bool:
    """Whether the session with this key belongs to `of` and is alive at `at`."""
    return _alive(of).filter(pk=session_key, expire_date__gt=at).exists()


@transaction.atomic
def end(account: Account, device_id: str, *, at: datetime) -> None:
    """End one of `account`'s sessions, by its `Device.id`, from its next request on."""
    for row in _alive(account):
        if hmac.compare_digest(_name(row.session_key).encode(), device_id.encode()):
            _end(account, _alive(account).filter(pk=row.pk), at=at)


@transaction.atomic
def end_others(account: Account, *, this: str | None, at: datetime) -> None:
    """End every session but `this`, as after a change of password."""
    _end(account, _alive(account).exclude(pk=this), at=at)


@transaction.atomic
def end_everywhere(account: Account, *, at: datetime) -> None:
    """End all of `account`'s sessions, this one too, and forget its devices."""
    _end(account, _alive(account), at=at)
    devices.forget_all(account)


def _alive(account: Account) -> QuerySet[Session]:
    return Session.objects.filter(account=account)


def _end(account: Account, rows: QuerySet[Session], *, at: datetime) -> None:
    for key in list(rows.values_list("session_key", flat=True)):
        narrowings.record(Narrowing.Kind.SIGNED_OUT, at=at, account=account.pk, session=_name(key))
    rows.delete()


def _name(session_key: str) -> str:
    """A digest that can be shown on a page or logged, as it signs nobody in."""
    return hashlib.sha256(session_key.encode()).hexdigest()
