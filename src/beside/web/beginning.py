"""The ids of letters not yet begun: only one that was given out to somebody can be begun by them.

Otherwise an answer to "keep this under that id" would tell a stranger whether a letter with
that id is there.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.utils.crypto import salted_hmac

from beside.people.models import Account
from beside.posts import drafting
from beside.posts.authorship import NotAnAuthor, written_by
from beside.posts.models import Post

_HALF = 8


def fresh_id(account: Account) -> UUID:
    """An id for a letter that `account` may begin: half of it chance, half of it our word for that."""
    chance = secrets.token_bytes(_HALF)
    return UUID(bytes=chance + _word(account, chance))


def begun(post_id: UUID, *, by: Account, at: datetime) -> Post:
    """The author's letter with this id, begun if it was given out to them; raises `NotAnAuthor`."""
    post = written_by(by).filter(pk=post_id).first()
    if post is not None:
        return post
    if not compare_digest(post_id.bytes[_HALF:], _word(by, post_id.bytes[:_HALF])):
        raise NotAnAuthor
    return drafting.begin(post_id, by=by, at=at)


def _word(account: Account, chance: bytes) -> bytes:
    message = account.pk.bytes + chance
    return salted_hmac("beside.web.beginning", message, algorithm="sha256").digest()[:_HALF]
