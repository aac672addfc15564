"""Who writes a letter: its authors, inviting somebody to join them, and the invitation itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.people.models import Account
from beside.posts import coauthors
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import CoauthorInvitation, Post
from beside.web.forms.coauthors import InvitationForm
from beside.web.pages import approvals, reach
from beside.web.pages.people import in_a_row


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation to write a letter together, as one of its authors sees it.

    It `is_sent` once every author has agreed; `waits_for` names those who haven't.
    """

    id: UUID
    who: str
    by: str
    message: str
    is_mine: bool
    has_agreed: bool
    is_sent: bool
    waits_for: str
    quiet: str


@dataclass(frozen=True, slots=True)
class CoauthorsPage:
    """Who writes the letter, and the form that invites one more. `needs` says why nobody was invited."""

    id: UUID
    is_draft: bool
    is_taken_back: bool
    everybody: str
    others: str
    invitation: OpenInvitation | None
    has_room: bool
    form: InvitationForm
    needs: str


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """An invitation to write a letter together, for the person who is invited."""

    name: str
    everybody: str
    are_several: bool
    message: str


def coauthors_page(
    post: Post, viewer: Account, form: InvitationForm, *, at: datetime, needs: str = ""
) -> CoauthorsPage:
    """The page of `post` for its author `viewer`."""
    return CoauthorsPage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        is_taken_back=post.state == Post.State.TAKEN_BACK,
        everybody=everybody(post),
        others=reach.others_in_words(post, viewer),
        invitation=open_invitation(post, viewer, at=at),
        has_room=coauthors.has_room(post),
        form=form,
        needs=needs,
    )


def invitation_page(invitation: CoauthorInvitation) -> InvitationPage:
    """What the invited person reads before they answer: nothing of the letter itself."""
    return InvitationPage(
        name=name_of(invitation.inviter),
        everybody=everybody(invitation.post),
        are_several=len(authors_of(invitation.post)) > 1,
        message=invitation.message,
    )


def open_invitation(post: Post, viewer: Account, *, at: datetime) -> OpenInvitation | None:
    """The open invitation to write `post`; None where nobody is being invited."""
    asked = coauthors.open_invitation(post)
    if asked is None:
        return None
    missing = coauthors.pending_authors(asked)
    return OpenInvitation(
        id=asked.pk,
        who=name_of(asked.invitee),
        by=name_of(asked.inviter),
        message=asked.message,
        is_mine=asked.inviter_id == viewer.pk,
        has_agreed=viewer not in missing,
        is_sent=not missing,
        waits_for=in_a_row([name_of(one) for one in missing]),
        quiet=approvals.quiet_in_words([one for one in missing if one != viewer], at=at),
    )


def everybody(post: Post) -> str:
    """ "Rose and Tom", in the order in which they came to it."""
    return in_a_row([name_of(one) for one in authors_of(post)])
