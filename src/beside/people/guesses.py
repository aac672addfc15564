"""How often a secret may be guessed, and how often what `people.budgets` lists may be done.

A try is counted before it is judged, by one UPDATE that only succeeds below the limit. Of any number of
parallel guesses, no more than the limit are ever compared with the secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.crypto import salted_hmac

from beside.people.sign_in_models import GuessCounter

_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
# No window is longer, so older counters mean nothing.
_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most `tries` within `window`, which begins with the first try."""

    name: str
    tries: int
    window: timedelta


# A limit, and what it counts.
Try = tuple[Limit, tuple[str, ...]]

# One code that was sent. It is good for fifteen minutes, so its counter outlives it.
CODE = Limit("code", 3, _HOUR)
# All codes of one account together.
CODES_OF_ACCOUNT = Limit("codes of account", 15, _HOUR)
CODES_SENT = Limit("codes sent", 5, _HOUR)
PASSWORD = Limit("password", 5, _QUARTER)
PASSKEY = Limit("passkey", 30, _HOUR)
ORGANISATION = Limit("organisation", 30, _HOUR)
# Tries of one kind, by unknown devices in one network, at whatever account.
NETWORK = Limit("network", 30, _HOUR)
INVITATION = Limit("invitation", 30, _HOUR)
SHARE_LINK = Limit("share link", 30, _HOUR)
DEPOSIT_LINK = Limit("deposit link", 30, _HOUR)
UNDO_LINK = Limit("undo link", 30, _HOUR)
DOOR = Limit("door", 30, _HOUR)
THANK_YOU_NOTE = Limit("thank-you note", 30, _HOUR)


class TooManyGuesses(Exception):
    """`limit` was reached. The next try is allowed at `again_at`."""

    def __init__(self, limit: Limit, again_at: datetime) -> None:
        super().__init__(f"too many until {again_at:%H:%M}: {limit.name}")
        self.limit = limit
        self.again_at = again_at


def count(limit: Limit, *whose: str, at: datetime) -> None:
    """Count one try, before the guess is judged. Raises `TooManyGuesses`, and then it must not be judged.

    Call it outside of any transaction: a rollback would forget the try, so inside of one it raises
    `RuntimeError`.
    """
    count_each((limit, whose), at=at)


def count_each(*tries: Try, at: datetime) -> None:
    """Count one try by each limit in one transaction, as every commit waits for the disk. Otherwise as `count`.

    Where one is full, those before it stay counted.
    """
    refused = _first_full(tries, at=at) or _first_refused(tries, at=at)
    if refused is not None:
        limit, whose = refused
        began_at = _counter(limit, whose).values_list("began_at", flat=True).first()
        raise TooManyGuesses(limit, (began_at or at) + limit.window)


def _first_full(tries: Sequence[Try], *, at: datetime) -> Try | None:
    """One that is full already. Nothing is locked for it, so a flood of guesses holds up nobody who writes."""
    return next((one for one in tries if _full(*one, at=at).exists()), None)


def _full(limit: Limit, whose: tuple[str, ...], *, at: datetime) -> QuerySet[GuessCounter]:
    open_now = {"began_at__gt": at - limit.window, "tries__gte": limit.tries}
    return _counter(limit, whose).filter(**open_now)


def give_back(limit: Limit, *whose: str) -> None:
    """Take back the try of a guess that was right. Wrong ones stay counted."""
    _counter(limit, whose).filter(tries__gt=0).update(tries=F("tries") - 1)


def purge(*, at: datetime) -> None:
    """Delete counters that no window includes any more."""
    GuessCounter.objects.filter(began_at__lte=at - _KEPT_FOR).delete()


@transaction.atomic(durable=True)
def _first_refused(tries: Sequence[Try], *, at: datetime) -> Try | None:
    return next((one for one in tries if not _is_counted(*one, at=at)), None)


def _is_counted(limit: Limit, whose: tuple[str, ...], *, at: datetime) -> bool:
    if _add_one(limit, whose, at=at):
        return True
    new = GuessCounter(limit=limit.name, whose=_digest(limit, whose), began_at=at)
    GuessCounter.objects.bulk_create([new], ignore_conflicts=True)
    return _add_one(limit, whose, at=at)


def _add_one(limit: Limit, whose: tuple[str, ...], *, at: datetime) -> bool:
    """The one statement that counts and decides. It begins a new window where the last is over."""
    is_over = Q(began_at__lte=at - limit.window)
    open_now = _counter(limit, whose).filter(is_over | Q(tries__lt=limit.tries))
    counted = open_now.update(
        tries=Case(When(is_over, then=1), default=F("tries") + 1),
        began_at=Case(When(is_over, then=at), default=F("began_at")),
    )
    return bool(counted)


def _counter(limit: Limit, whose: tuple[str, ...]) -> QuerySet[GuessCounter]:
    return GuessCounter.objects.filter(limit=limit.name, whose=_digest(limit, whose))


def _digest(limit: Limit, whose: tuple[str, ...]) -> bytes:
    return salted_hmac(
        f"beside.guesses.{limit.name}", "\0".join(whose), algorithm="sha256"
    ).digest()
