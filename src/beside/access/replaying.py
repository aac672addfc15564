"""Doing again, over an older state of the database, what was narrowed at doors and of links since."""

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
    """Do one narrowing of access again; one of another layer, or about nobody here, does nothing."""
    again = _AGAIN.get(kind)
    if again is not None:
        again(subject, at)


def _let_in_no_more(subject: Subject, at: datetime) -> None:
    post = Post.objects.filter(pk=UUID(subject["post"])).first()
    account = Account.objects.filter(pk=UUID(subject["account"])).first()
    if post and account:
        Admission.objects.filter(post=post, account=account).delete()
        admissions.decline_from_now_on(post.pk, account.pk, since=at, at=at)


def _keep_out(subject: Subject, at: datetime) -> None:
    keeper = Account.objects.filter(pk=UUID(subject["keeper"])).first()
    if keeper is None:
        return
    if "address" in subject:
        bans.ban_address(keeper, subject["address"], at=at)
        return
    for account in Account.objects.filter(pk=UUID(subject["account"])):
        bans.ban(keeper, account, at=at)


def _end_link(subject: Subject, at: datetime) -> None:
    """One that was made anew is ended too: of its two secrets only the older would be known here."""
    links = ShareLink.objects.filter(pk=UUID(subject["link"]), ended_at=None)
    links.update(ended_at=at, said="", address="")


_AGAIN: dict[str, Callable[[Subject, datetime], None]] = {
    Kind.NOT_LET_IN: _let_in_no_more,
    Kind.KEPT_OUT: _keep_out,
    Kind.LINK_ENDED: _end_link,
}
