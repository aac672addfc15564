"""Coming to a letter as an author, and leaving it: what either means for the links that there are."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.notices import notices
from beside.notices.models import Notice
from beside.people.models import Account
from beside.posts import coauthors, share_links
from beside.posts.models import CoauthorInvitation, Post, ShareLink


@transaction.atomic
def accept(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> Post:
    """Become an author. Links that are there open nothing until `by` has said yes, and so `by` is asked.

    Raises what `inviting.accept` raises.
    """
    post = coauthors.accept(invitation, by=by, at=at)
    for link in share_links.alive(at).filter(post=post):
        notices.tell(by.pk, Notice.Kind.LINK_ASKED, about=link.pk, at=at)
    return post


@transaction.atomic
def step_out(post: Post, *, by: Account, at: datetime) -> list[ShareLink]:
    """Leave the letter. Answers with the links that wait for nobody now, and have yet to be mailed.

    Raises what `inviting.step_out` raises.
    """
    coauthors.step_out(post, by=by, at=at)
    for link in share_links.of(post):
        notices.untell(by.pk, Notice.Kind.LINK_ASKED, about=link.pk)
    freed = share_links.good(at) & share_links.to_be_mailed().filter(post=post)
    return list(freed.select_related("post", "maker__profile"))
