"""What a steward ("somebody for after") may do for an author once the waiting period is over: narrow, and nothing else.

A letter's authors can undo all of it, and none of it shows the steward anything.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people import delegations
from beside.people.models import Account
from beside.photos import disk_full
from beside.posts import audiences, closing
from beside.posts.authorship import written_by
from beside.posts.models import Post

SHOWN = (Post.State.PUBLISHED, Post.State.CLOSED)


@disk_full.with_reserve
@transaction.atomic
def close_everything(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """Close every letter of the author's, including those written with others. Raises `NoSuchDelegation`."""
    held = delegations.locked(delegations.acting(by, at=at), delegation_id)
    closing.close_everything(held.author, at=at)


@disk_full.with_reserve
@transaction.atomic
def show_only_us(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """Show every letter of the author's to nobody but those who wrote it. Raises `NoSuchDelegation`."""
    held = delegations.locked(delegations.acting(by, at=at), delegation_id)
    for post in written_by(held.author).filter(state__in=SHOWN).order_by("pk"):
        audiences.show_to_nobody(post, by=held.author, at=at)
