"""What becomes of the letters of somebody who closes their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.people.models import Account
from beside.posts import closing, coauthors, indexed_texts, share_links, signing
from beside.posts.authorship import authors_of, locked, written_by
from beside.posts.models import Addendum, CoauthorInvitation, Destruction, Post, ShareLink


@transaction.atomic
def leave_letters(account: Account, *, at: datetime) -> list[ShareLink]:
    """Leave each letter written with others to them, and close those written alone.

    The letters of others lose what `account` put in and signed. Returns the share links that only
    `account`'s approval held back; the caller mails those.
    """
    freed: list[ShareLink] = []
    for post in written_by(account).order_by("pk"):
        if len(authors_of(post)) > 1:
            freed += _leave(post, account, at=at)
        else:
            locked(post, by=account)
            share_links.end_all(post, at=at)
    closing.close_everything(account, at=at)
    asked = CoauthorInvitation.objects.filter(invitee=account, answer="")
    for post in Post.objects.filter(coauthor_invitations__in=asked).order_by("pk"):
        Post.objects.select_for_update().get(pk=post.pk)
        coauthors.end_open_invitation(post)
    return freed


@transaction.atomic
def destroy_letters(account: Account) -> None:
    """Delete the letters that `account` wrote alone, and every trace of them in those of others."""
    for post in written_by(account).order_by("pk"):
        locked(post, by=account)
        post.delete()
    Destruction.objects.filter(account=account).delete()


def _leave(post: Post, account: Account, *, at: datetime) -> list[ShareLink]:
    for link in ShareLink.objects.not_ended().filter(post=post, maker=account):
        share_links.end(link, by=account, at=at)
    freed = coauthors.step_out(post, by=account, at=at)
    signing.forget(post, account)
    Addendum.objects.filter(post=post, author=account).delete()
    indexed_texts.index(post)
    return freed
