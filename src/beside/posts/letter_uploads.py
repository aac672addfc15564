"""Beginning the upload of a photograph that may belong in a letter."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Account
from beside.photos import uploads
from beside.photos.models import Upload
from beside.posts import drafting
from beside.posts.authorship import locked


@transaction.atomic
def begin_upload(
    account: Account,
    total_bytes: int,
    *,
    name_on_phone: str = "",
    closed: bool = False,
    post_id: UUID | None = None,
    at: datetime,
) -> Upload:
    """Expect a photograph of `total_bytes`, and place it in the letter `post_id`, if one is given.

    A letter that doesn't exist yet is begun: callers must have checked that `account` was given its id.
    Raises what `uploads.begin` and `drafting.place` raise, and `NotAnAuthor`; then nothing has changed.
    """
    post = None
    if post_id is not None:
        # Every act on a letter locks it before it touches keys.
        post = locked(drafting.begin(post_id, by=account, at=at), by=account)
    upload = uploads.begin(account, total_bytes, name_on_phone=name_on_phone, closed=closed, at=at)
    if post is not None:
        drafting.place(post, upload.photo, by=account)
    return upload
