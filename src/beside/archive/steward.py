"""What somebody for after may do for an author, once the term is over: show less, and nothing else.

Nothing here can't be undone by those who wrote a letter, and nothing shows the steward anything.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people import delegations
from beside.people.models import Account
from beside.photos import reserve
from beside.posts import audiences, closing
from beside.posts.authorship import written_by
from beside.posts.models import Post

SHOWN = (Post.State.PUBLISHED, Post.State.CLOSED)


@reserve.used_if_full
@transaction.atomic
def close_everything(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """Close every letter of the author's, those that they wrote with others too. Raises `NoSuchDelegation`."""
    held = delegations.locked(delegations.acting(by, at=at), delegation_id)
    closing.close_everything(held.author, at=at)


@reserve.used_if_full
@transaction.atomic
def show_only_us(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """Have every letter of the author's be for those who wrote it, and nobody else. Raises `NoSuchDelegation`."""
    held = delegations.locked(delegations.acting(by, at=at), delegation_id)
    for post in written_by(held.author).filter(state__in=SHOWN).order_by("pk"):
        audiences.show_to_nobody(post, by=held.author, at=at)
