"""An invitation, as the person who got it sees it."""

from __future__ import annotations

from dataclasses import dataclass

from beside.people.models import Invitation
from beside.posts.authorship import name_of


@dataclass(frozen=True)
class InvitationPage:
    """Who sends the invitation; empty if they have left."""

    inviter: str


def invitation_page(invitation: Invitation) -> InvitationPage:
    """The page of an open invitation."""
    return InvitationPage(name_of(invitation.inviter) if invitation.inviter else "")
