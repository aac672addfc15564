"""Links through which somebody without an account puts photographs in for their keeper, and sees nothing.

The secret leaves this module once, as the answer of the function that made it; only its SHA-256 is kept.
A browser that has opened a link is known by that digest, so that a link made anew is closed to it as well.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import names, narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.photos import disk_full, uploads
from beside.photos.disk_full import kindly
from beside.photos.models import DepositLink, Photo, Upload
from beside.photos.quota import NoRoom, TooManyOpen

SECRET_BYTES = 32
GOOD_FOR = timedelta(days=30)
MOST, USUALLY = 200, 30


class NotOpen(Exception):
    """The link was ended or made anew, its term is over, or it never was. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(_("This link has come to its end. Whoever sent it can send you another."))


class NotYourLink(Exception):
    """Somebody asked for a link of others as if it were theirs. Pages answer that nothing is there."""


class LinkFull(Exception):
    """As many photographs have come through the link as it was made for."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link has taken as many photographs as it was made for. This one is still with you;"
                " whoever sent the link can send you another."
            )
        )


class NoRoomThere(NoRoom):
    """The keeper's room is used up. Whoever puts something in learns no more than that."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            _(
                "There’s no room for it here at the moment. It’s still with you; whoever sent you the"
                " link would like to know."
            ),
        )


class Terms(NamedTuple):
    """Whom a link is for, the keeper's own line to them, and how much may come, for how long."""

    name: str
    said: str = ""
    thanks: str = ""
    most: int = USUALLY
    good_for: timedelta = GOOD_FOR


def make(keeper: Account, terms: Terms, *, at: datetime) -> tuple[DepositLink, str]:
    """Make a link for one named person; answers with it and its secret."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = DepositLink.objects.create(
        keeper=keeper,
        name=names.clean(terms.name),
        said=terms.said.strip(),
        thanks=terms.thanks.strip(),
        most=max(1, min(terms.most, MOST)),
        secret_digest=digest_of(secret),
        made_at=at,
        ends_at=time_zones.later(keeper, at, terms.good_for),
    )
    return link, secret


@transaction.atomic
def make_anew(link: DepositLink, *, by: Account, at: datetime) -> str:
    """Give an open link another secret, and answer with it: the one before opens nothing any more.

    A restore that doesn't know of it ends the link. Raises `NotYourLink`, `NotOpen`.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    mine = _open_at(at).filter(pk=own(link.pk, by=by).pk)
    if not mine.update(secret_digest=digest_of(secret)):
        raise NotOpen
    narrowings.record(Narrowing.Kind.DEPOSIT_ENDED, at=at, link=link.pk)
    return secret


@disk_full.with_reserve
@transaction.atomic
def end(link: DepositLink, *, by: Account, at: datetime) -> None:
    """End a link at once; twice is harmless. What came through it stays. Raises `NotYourLink`."""
    own(link.pk, by=by)
    if DepositLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=at):
        narrowings.record(Narrowing.Kind.DEPOSIT_ENDED, at=at, link=link.pk)


def thank(link: DepositLink, words: str, *, by: Account) -> None:
    """Keep the words of thanks that whoever puts something in reads. Raises `NotYourLink`."""
    own(link.pk, by=by)
    DepositLink.objects.filter(pk=link.pk).update(thanks=words.strip()[:4000])


@transaction.atomic
def forget(link: DepositLink, *, by: Account, at: datetime) -> None:
    """Leave nothing of a link that is over, nor of whom it was for; what came through it stays.

    One that is still open stays as it is. Raises `NotYourLink`.
    """
    mine = own(link.pk, by=by)
    if not is_open(mine, at=at):
        notices.untell(by.pk, Notice.Kind.DEPOSITED, about=mine.pk)
        mine.delete()


def of(keeper: Account) -> QuerySet[DepositLink]:
    """The links of `keeper`, ended ones too, newest first."""
    return DepositLink.objects.filter(keeper=keeper).order_by("-made_at", "pk")


def own(link_id: UUID, *, by: Account) -> DepositLink:
    """A link of one's own; raises `NotYourLink`."""
    link = of(by).filter(pk=link_id).first()
    if link is None:
        raise NotYourLink
    return link


def is_open(link: DepositLink, *, at: datetime) -> bool:
    """Whether something can be put in through the link at `at`, as far as its term goes."""
    return link.ended_at is None and at < link.ends_at


def find(digest: bytes, *, at: datetime) -> DepositLink:
    """The open link whose secret has this digest, with its keeper. Raises `NotOpen`."""
    link = _open_at(at).select_related("keeper__profile").filter(secret_digest=digest).first()
    if link is None:
        raise NotOpen
    return link


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


@kindly()
@transaction.atomic
def begin(link: DepositLink, total_bytes: int, *, name: str, at: datetime) -> Upload:
    """Expect a photograph through `link`: its keeper's, and closed for them from its first row on.

    Raises `NotOpen`, `LinkFull`, `NoRoomThere`, `EmptyFile`, `TooLarge`.
    """
    # All that comes for one keeper takes turns, or two that come at once would both be the last.
    Account.objects.select_for_update(no_key=True).get(pk=link.keeper_id)
    if not _open_at(at).filter(pk=link.pk, secret_digest=bytes(link.secret_digest)).exists():
        raise NotOpen
    if is_full(link):
        raise LinkFull
    try:
        upload = uploads.begin(link.keeper, total_bytes, name_on_phone=name, closed=True, at=at)
    except (NoRoom, TooManyOpen):
        raise NoRoomThere from None
    Photo.objects.filter(pk=upload.pk).update(deposited_through=link)
    return upload


def is_full(link: DepositLink) -> bool:
    """Whether as much has come as may. What could not be kept counts too, until its note is put away."""
    return Photo.objects.filter(deposited_through=link).count() >= link.most


def tell_keeper(link: DepositLink, *, since: datetime, at: datetime) -> None:
    """Say to the keeper that something was put in: once for each visit, which began at `since`."""
    told = Notice.objects.filter(
        recipient=link.keeper_id, kind=Notice.Kind.DEPOSITED, about=link.pk, at__gte=since
    )
    if not told.exists():
        notices.tell(link.keeper_id, Notice.Kind.DEPOSITED, about=link.pk, at=at)


def _open_at(at: datetime) -> QuerySet[DepositLink]:
    """A link ends with the account of its keeper."""
    open_ones = Q(ended_at=None, ends_at__gt=at, keeper__is_active=True)
    return DepositLink.objects.filter(open_ones)
