"""Links to put photographs in: the keeper's pages, and the page of somebody who came by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.people.names import isolated
from beside.photos import deposits
from beside.photos.intake import Refusal, sentence
from beside.photos.models import DepositLink, Photo
from beside.posts.authorship import name_of
from beside.web.forms.deposits import DepositForm, ThanksForm
from beside.web.forms.pasted_links import PastedForm
from beside.web.http import deposit_session


@dataclass(frozen=True)
class Made:
    """A link that was just made; `address` is shown this once."""

    name: str
    address: str


@dataclass(frozen=True)
class Listed:
    """A link in its keeper's list."""

    link: DepositLink
    is_open: bool


@dataclass(frozen=True)
class DepositLinksPage:
    """A keeper's links, the form for a new one, and the one that was just made, if any."""

    links: Sequence[Listed]
    form: DepositForm
    made: Made | None


@dataclass(frozen=True)
class DepositLinkPage:
    """One link, for its keeper. `made` holds its new address once, after its secret was replaced."""

    link: DepositLink
    is_open: bool
    form: ThanksForm
    made: Made | None


class SentPhoto(NamedTuple):
    """One file that somebody sent through a link, and whether it was kept, in words."""

    name: str
    says: str


@dataclass(frozen=True)
class DepositPage:
    """What somebody sees who has opened a link."""

    link: DepositLink
    keeper: str
    sent: Sequence[SentPhoto]
    is_full: bool
    came_before: bool
    pasted: PastedForm


@dataclass(frozen=True)
class PastePage:
    """The field for a link; `says` tells why the last one opens nothing."""

    pasted: PastedForm
    says: str = ""


def deposit_links_page(
    keeper: Account, form: DepositForm, *, made: Made | None = None, at: datetime
) -> DepositLinksPage:
    """The links of `keeper`, ended ones too."""
    links = [Listed(link, deposits.is_open(link, at=at)) for link in deposits.of(keeper)]
    return DepositLinksPage(links, form, made)


def deposit_link_page(
    link: DepositLink, form: ThanksForm | None = None, *, made: Made | None = None, at: datetime
) -> DepositLinkPage:
    """One link; `form` is given if it was refused."""
    return DepositLinkPage(
        link=link,
        is_open=deposits.is_open(link, at=at),
        form=form or ThanksForm(initial={"thanks": link.thanks}),
        made=made,
    )


def made(link: DepositLink, secret: str) -> Made:
    """The address of a link whose secret was just made."""
    return Made(isolated(link.name), deposit_session.address_of(secret))


def deposit_page(link: DepositLink, sent: Sequence[deposit_session.Sent]) -> DepositPage:
    """The page of a visit by `link`, in which the files `sent` came."""
    return DepositPage(
        link=link,
        keeper=name_of(link.keeper),
        sent=_sent(sent),
        is_full=deposits.is_full(link),
        came_before=link.photographs.exists(),
        pasted=PastedForm(),
    )


def sent_photo(photo: Photo) -> SentPhoto:
    """Whether a photograph was kept."""
    return SentPhoto(photo.name_on_phone, _says(photo))


def _sent(files: Sequence[deposit_session.Sent]) -> list[SentPhoto]:
    photos = Photo.objects.in_bulk([one.photo_id for one in files if one.photo_id])
    return [
        SentPhoto(one.name, _says(photos.get(one.photo_id)) if one.photo_id else one.refusal)
        for one in files
    ]


def _says(photo: Photo | None) -> str:
    """Whether a photograph was kept. What its keeper did with it afterwards stays between them and this place."""
    if photo is not None and photo.state == Photo.State.RECEIVING:
        return _("Not all of it has come yet. Keep it with you until it has.")
    if photo is not None and photo.state == Photo.State.REFUSED:
        return sentence(Refusal(photo.refusal))
    return _("It’s safely here.")
