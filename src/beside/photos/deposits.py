"""Links through which somebody without an account can send photographs to the link's keeper, without seeing any.

A secret is returned once, by the function that makes it; only its SHA-256 is stored. A browser that has opened a
link is recognised by that digest, so giving the link a new secret closes it there too.
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
from beside.photos.disk_full import adding
from beside.photos.models import DepositLink, Photo, Upload
from beside.photos.quota import NoRoom, TooManyOpen

SECRET_BYTES = 32
GOOD_FOR = timedelta(days=30)
MOST, USUALLY = 200, 30


class NotOpen(Exception):
    """The link has ended, expired, got a new secret, or never existed. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(_("This link has ended. Whoever sent it can send you another."))


class NotYourLink(Exception):
    """Somebody asked for a link that isn't theirs. Pages answer that nothing is there."""


class LinkFull(Exception):
    """The link has taken as many photographs as it allows."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link has taken as many photographs as it was made for. This one is still with you;"
                " whoever sent the link can send you another."
            )
        )


class NoRoomThere(NoRoom):
    """The keeper's quota is used up. The sender is told no more than that."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            _(
                "There’s no room for it here at the moment. It’s still with you; whoever sent you the"
                " link would like to know."
            ),
        )


class Terms(NamedTuple):
    """Who a link is for, the keeper's message to them, how many photographs it takes and for how long."""

    name: str
    message: str = ""
    thanks: str = ""
    most: int = USUALLY
    good_for: timedelta = GOOD_FOR


def make(keeper: Account, terms: Terms, *, at: datetime) -> tuple[DepositLink, str]:
    """Make a link for one named person, and return it with its secret."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = DepositLink.objects.create(
        keeper=keeper,
        name=names.clean(terms.name),
        message=terms.message.strip(),
        thanks=terms.thanks.strip(),
        most=max(1, min(terms.most, MOST)),
        secret_digest=digest_of(secret),
        made_at=at,
        ends_at=time_zones.later(keeper, at, terms.good_for),
    )
    return link, secret


@transaction.atomic
def make_anew(link: DepositLink, *, by: Account, at: datetime) -> str:
    """Give an open link a new secret, and return it. The old one stops working.

    A restore from before this ends the link. Raises `NotYourLink`, `NotOpen`.
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
    """End a link at once; ending it twice is harmless. What came through it stays. Raises `NotYourLink`."""
    own(link.pk, by=by)
    if DepositLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=at):
        narrowings.record(Narrowing.Kind.DEPOSIT_ENDED, at=at, link=link.pk)


def thank(link: DepositLink, words: str, *, by: Account) -> None:
    """Save the words of thanks that the sender reads. Raises `NotYourLink`."""
    own(link.pk, by=by)
    DepositLink.objects.filter(pk=link.pk).update(thanks=words.strip()[:4000])


@transaction.atomic
def forget(link: DepositLink, *, by: Account, at: datetime) -> None:
    """Delete a link that has ended, and the name on it. What came through it stays.

    A link that is still open is left as it is. Raises `NotYourLink`.
    """
    mine = own(link.pk, by=by)
    if not is_open(mine, at=at):
        notices.untell(by.pk, Notice.Kind.DEPOSITED, about=mine.pk)
        mine.delete()


def of(keeper: Account) -> QuerySet[DepositLink]:
    """The links of `keeper`, ended ones too, newest first."""
    return DepositLink.objects.filter(keeper=keeper).order_by("-made_at", "pk")


def own(link_id: UUID, *, by: Account) -> DepositLink:
    """The link, if it belongs to `by`; raises `NotYourLink`."""
    link = of(by).filter(pk=link_id).first()
    if link is None:
        raise NotYourLink
    return link


def is_open(link: DepositLink, *, at: datetime) -> bool:
    """Whether the link has neither ended nor expired at `at`."""
    return link.ended_at is None and at < link.ends_at


def find(digest: bytes, *, at: datetime) -> DepositLink:
    """The open link whose secret has this digest, with its keeper. Raises `NotOpen`."""
    link = _open_at(at).select_related("keeper__profile").filter(secret_digest=digest).first()
    if link is None:
        raise NotOpen
    return link


def digest_of(secret: str) -> bytes:
    """The SHA-256 of a secret, which is all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()


@adding()
@transaction.atomic
def begin(link: DepositLink, total_bytes: int, *, name: str, at: datetime) -> Upload:
    """Begin an upload through `link`. The photograph belongs to its keeper, and is hidden from them at first.

    Raises `NotOpen`, `LinkFull`, `NoRoomThere`, `EmptyFile`, `TooLarge`.
    """
    # Uploads for one keeper take turns, or two at once could both take the last place.
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
    """Whether the link has reached its limit. Refused photographs count until their note is dismissed."""
    return Photo.objects.filter(deposited_through=link).count() >= link.most


def tell_keeper(link: DepositLink, *, since: datetime, at: datetime) -> None:
    """Tell the keeper that something arrived, once for each visit. This one began at `since`."""
    told = Notice.objects.filter(
        recipient=link.keeper_id, kind=Notice.Kind.DEPOSITED, about=link.pk, at__gte=since
    )
    if not told.exists():
        notices.tell(link.keeper_id, Notice.Kind.DEPOSITED, about=link.pk, at=at)


def _open_at(at: datetime) -> QuerySet[DepositLink]:
    """Links that work at `at`. A link ends with its keeper's account."""
    open_ones = Q(ended_at=None, ends_at__gt=at, keeper__is_active=True, keeper__suspended_at=None)
    return DepositLink.objects.filter(open_ones)
