"""The invitations that an account has sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beside.people import invitations
from beside.people.models import Account, Invitation
from beside.people.names import isolated
from beside.web import mails
from beside.web.forms.invitations import InvitationForm


@dataclass(frozen=True)
class Made:
    """An invitation that was just made; its link is shown this once. `email` is empty if it wasn't mailed."""

    name: str
    email: str
    link: str


@dataclass(frozen=True)
class InvitationsPage:
    """The open invitations, the form for a new one, and the one that was just made, if any."""

    open: Sequence[Invitation]
    form: InvitationForm
    made: Made | None


def invitations_page(
    inviter: Account, form: InvitationForm, *, made: Made | None = None, at: datetime
) -> InvitationsPage:
    """The open invitations of `inviter`."""
    return InvitationsPage(list(invitations.open_of(inviter, at=at)), form, made)


def made(invitation: Invitation, secret: str, *, is_sent: bool) -> Made:
    """The link of an invitation that was just made, and mailed if `is_sent`."""
    email = invitation.email if is_sent else ""
    return Made(isolated(invitation.name), email, mails.link_of(secret))
