"""Replaying, on a restored database, what was narrowed at doors and by ending links since the backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.access.door import admissions, bans
from beside.access.models import Admission
from beside.people.models import Account, Narrowing
from beside.posts.models import Post, ShareLink

Subject = Mapping[str, str]
Kind = Narrowing.Kind


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Replay one narrowing. One of another layer, or about an account that isn't here, does nothing."""
    narrow = _REPLAYS.get(kind)
    if narrow is not None:
        narrow(subject, at)


def _end_admission(subject: Subject, at: datetime) -> None:
    post = Post.objects.filter(pk=UUID(subject["post"])).first()
    account = Account.objects.filter(pk=UUID(subject["account"])).first()
    if post and account:
        Admission.objects.filter(post=post, account=account).delete()
        admissions.decline_future_requests(post.pk, account.pk, since=at, at=at)


def _ban(subject: Subject, at: datetime) -> None:
    author = Account.objects.filter(pk=UUID(subject["author"])).first()
    if author is None:
        return
    if "address" in subject:
        bans.ban_address(author, subject["address"], at=at)
        return
    for account in Account.objects.filter(pk=UUID(subject["account"])):
        bans.ban(author, account, at=at)


def _end_link(subject: Subject, at: datetime) -> None:
    """A link that got a new secret is ended too, as the restored database knows only the old one."""
    links = ShareLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
    links.update(ended_at=at, message="", address="")


_REPLAYS: dict[str, Callable[[Subject, datetime], None]] = {
    Kind.ADMISSION_ENDED: _end_admission,
    Kind.BANNED: _ban,
    Kind.LINK_ENDED: _end_link,
}
