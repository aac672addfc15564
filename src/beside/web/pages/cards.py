"""Cards for the ward: invitations to print, each with its address and a QR code drawn here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno

from beside.people.models import Invitation
from beside.web import mails
from beside.web.forms.cards import CardsForm

# Readers of QR codes need this many empty modules around one.
_QUIET = 4


@dataclass(frozen=True)
class PrintedAddress:
    """An address on paper. `typed` is without "https://"; `code` and `size` draw its QR code as an SVG path, in modules."""

    typed: str
    code: str
    size: int


@dataclass(frozen=True)
class Card:
    """One card, and until when its invitation is good."""

    address: PrintedAddress
    ends_at: datetime


@dataclass(frozen=True)
class CardsPage:
    """The form, and the sheet that was just made, if any; its secrets are shown this once."""

    form: CardsForm
    cards: Sequence[Card] = ()

    @property
    def is_of_four(self) -> bool:
        """Whether the cards are large."""
        return len(self.cards) <= 4


def cards_page(form: CardsForm, made: Sequence[tuple[Invitation, str]] = ()) -> CardsPage:
    """The page; `made` are invitations with their secrets."""
    return CardsPage(form, [_card(invitation, secret) for invitation, secret in made])


def printed_address(address: str) -> PrintedAddress:
    """This address as a card has it."""
    code = segno.make_qr(address, error="m")
    return PrintedAddress(
        typed=address.split("://", 1)[-1].rstrip("/"),
        code=_path(code),
        size=int(code.symbol_size(border=_QUIET)[0]),
    )


def _card(invitation: Invitation, secret: str) -> Card:
    return Card(printed_address(mails.link_of(secret)), invitation.expires_at)


def _path(code: segno.QRCode) -> str:
    """Every dark module as a square of 1 by 1."""
    return "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(code.matrix, _QUIET)
        for column, is_dark in enumerate(line, _QUIET)
        if is_dark
    )
