"""Appeals: whoever was suspended, or whose letter was, asks the moderators to look again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from beside.moderation.models import Appeal
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, moderators
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.posts import authorship
from beside.posts.models import Post


class NotSuspended(Exception):
    """There is nothing to appeal against (any more)."""


@transaction.atomic
def send(account: Account, post: Post | None, words: str, *, at: datetime) -> None:
    """Appeal against the suspension of `account`, or of a letter that it wrote. Another one replaces it while it waits.

    The caller has checked that `post` is theirs (`posts.authorship.own`). Raises `NotSuspended`.
    """
    # A post before its authors, as whoever asks or answers at it locks them.
    if post is not None:
        authorship.lock(post.pk)
    blocks.lock(account.pk)
    suspended = Account.objects.filter(pk=account.pk, suspended_at__isnull=False).exists()
    if not suspended if post is None else post.suspended_at is None:
        raise NotSuspended
    Appeal.objects.filter(account=account, post=post, declined_at=None).delete()
    Appeal.objects.create(account=account, post=post, words=words.strip(), sent_at=at)
    for moderator in moderators.everybody().exclude(pk=account.pk):
        notices.tell(moderator.pk, Notice.Kind.REPORTED, at=at)


def latest_of(account: Account, post: Post | None) -> Appeal | None:
    """The last appeal of `account`, about its letter `post` or about itself."""
    return Appeal.objects.filter(account=account, post=post).order_by("-sent_at").first()


def waiting_for(moderator: Account) -> QuerySet[Appeal]:
    """The appeals that `moderator` can answer, oldest first: none about a letter of their own. Raises `NotAModerator`."""
    if not moderators.is_moderator(moderator):
        raise NotAModerator
    waiting = Appeal.objects.filter(declined_at=None).exclude(account=moderator)
    others = waiting.exclude(post__authorships__account=moderator)
    return others.select_related("account__profile", "post").order_by("sent_at", "pk")
