"""The page "You": everything that an account decides for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from beside.people import blocks, follows, invitations, sessions
from beside.people.models import Account
from beside.people.sessions import Device


@dataclass(frozen=True)
class YouPage:
    """What is set now. `devices` begins with the one that asks."""

    me: Account
    devices: Sequence[Device]
    followers: Sequence[Account]
    blocked: Sequence[Account]
    may_invite: bool
    has_passkey: bool
    has_password: bool


def you_page(me: Account, *, session_key: str | None, at: datetime) -> YouPage:
    """The page of `me`, who is signed in by the session with this key."""
    passkeys = Authenticator.objects.filter(user=me, type=Authenticator.Type.WEBAUTHN)
    return YouPage(
        me=me,
        devices=sessions.of(me, this=session_key, at=at),
        followers=list(follows.followers_of(me)),
        blocked=list(blocks.blocked_by(me)),
        may_invite=invitations.may_invite(me),
        has_passkey=passkeys.exists(),
        has_password=me.has_usable_password(),
    )
