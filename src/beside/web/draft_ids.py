"""The ids of letters not yet begun: only one that was given out to somebody can be begun by them.

Otherwise an answer to "keep this under that id" would tell a stranger whether a letter with
that id is there.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.contrib import messages
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import drafting
from beside.posts.authorship import NotAnAuthor, written_by
from beside.posts.drafting import PutHereByAnother, ShownByAll
from beside.posts.models import Post
from beside.web.http.request import Request

_HALF = 8


def fresh_id(account: Account) -> UUID:
    """An id for a letter that `account` may begin: half of it chance, half of it our word for that."""
    chance = secrets.token_bytes(_HALF)
    return UUID(bytes=chance + _word(account, chance))


def begun(post_id: UUID, *, by: Account, at: datetime) -> Post:
    """The author's letter with this id, begun if it was given out to them; raises `NotAnAuthor`."""
    require_id(post_id, of=by)
    return drafting.begin(post_id, by=by, at=at)


def require_id(post_id: UUID, *, of: Account) -> None:
    """Raise `NotAnAuthor` unless this is a letter of `of`, or an id that was given out to them."""
    if written_by(of).filter(pk=post_id).exists():
        return
    if not compare_digest(post_id.bytes[_HALF:], _word(of, post_id.bytes[:_HALF])):
        raise NotAnAuthor


def _word(account: Account, chance: bytes) -> bytes:
    message = account.pk.bytes + chance
    return salted_hmac("beside.web.draft_ids", message, algorithm="sha256").digest()[:_HALF]


def lay(request: Request, post: Post, photo: Photo) -> None:
    """Lay a photograph that has just come in a letter; where it can't be, say so, and it stays in the drawer."""
    try:
        drafting.place(post, photo, by=request.account)
    except (ShownByAll, PutHereByAnother) as refusal:
        messages.info(request, str(refusal))
        messages.info(request, _("It’s safe in your drawer meanwhile."))
