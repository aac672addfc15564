"""Accounts, sessions, and a circle with followers in it, written straight into the database."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from beside.people.models import Account, Circle, Follow, Membership, Profile
from beside.people.sessions import SessionStore


def person(name: str) -> Account:
    """An account with a name."""
    account = Account.objects.create_user(f"{name}@home.example")
    Profile.objects.create(account=account, name=name)
    return account


def session(account: Account, *, backend: str) -> str:
    """The key of a session in which this account is signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    assert store.session_key
    return store.session_key


def family(owner: Account, reader: Account) -> Circle:
    """A circle of `owner`'s with `reader` in it, who follows the owner."""
    circle = Circle.objects.create(owner=owner, name="Family")
    join(circle, reader)
    return circle


def join(circle: Circle, reader: Account) -> None:
    """Put `reader` in the circle, and let them follow its owner."""
    Membership.objects.create(circle=circle, account=reader, added_at=timezone.now())
    follow(circle.owner, reader)


def follow(owner: Account, reader: Account) -> None:
    """Let `reader` follow `owner`."""
    now = timezone.now()
    Follow.objects.create(
        follower=reader,
        followed=owner,
        state=Follow.State.ACCEPTED,
        asked_at=now,
        answered_at=now,
    )
