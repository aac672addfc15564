"""Ids for new letters. Each is signed for one account, which alone can begin a letter under it.

If any id could be used, the answer to saving under it would tell a stranger whether a letter
with that id exists.
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
    """An id under which `account` may begin a letter: half of it is random, half a signature of that."""
    chance = secrets.token_bytes(_HALF)
    return UUID(bytes=chance + _signature(account, chance))


def begun(post_id: UUID, *, by: Account, at: datetime) -> Post:
    """The author's letter with this id, begun now if the id was made for them; raises `NotAnAuthor`."""
    require_id(post_id, of=by)
    return drafting.begin(post_id, by=by, at=at)


def require_id(post_id: UUID, *, of: Account) -> None:
    """Raise `NotAnAuthor` unless this is a letter of `of`, or an id that was made for them."""
    if written_by(of).filter(pk=post_id).exists():
        return
    if not compare_digest(post_id.bytes[_HALF:], _signature(of, post_id.bytes[:_HALF])):
        raise NotAnAuthor


def _signature(account: Account, chance: bytes) -> bytes:
    message = account.pk.bytes + chance
    return salted_hmac("beside.web.draft_ids", message, algorithm="sha256").digest()[:_HALF]


def lay(request: Request, post: Post, photo: Photo) -> None:
    """Add a photograph that has just arrived to a letter; if that can't be, say why, and leave it in the drawer."""
    try:
        drafting.place(post, photo, by=request.account)
    except (ShownByAll, PutHereByAnother) as refusal:
        messages.info(request, str(refusal))
        messages.info(request, _("Meanwhile it’s safe in your drawer."))
