"""Co-authors: inviting somebody to a post, their answer, and stepping out again.

A new author is one more person who sees the post. So if it has several authors already, each of them
approves the invitation before the invitee hears of it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Block, Narrowing
from beside.photos.models import Photo
from beside.posts import indexed_texts
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, authors_of, locked
from beside.posts.drafting import give_unseen
from beside.posts.models import (
    ApprovalRequest,
    Authorship,
    CoauthorApproval,
    CoauthorInvitation,
    Destruction,
    PlacedPhoto,
    Post,
    ShareLink,
)

Kind = Notice.Kind
# With more authors, one of them too often lets an approval request lapse.
MOST_AUTHORS = 6


class NotInvited(NotAnAuthor):
    """There is no invitation, or not any more. Pages answer that nothing is there."""


class CannotInvite(Exception):
    """The account is closed, blocked by an author or blocking one, or an author already."""

    def __init__(self) -> None:
        super().__init__(_("You can’t ask this person for this letter."))


class AlreadyDeclined(Exception):
    """They have declined once, and are not invited again."""

    def __init__(self) -> None:
        super().__init__(_("You’ve asked already, and they’d rather not. They aren’t asked again."))


class AnotherInvitationOpen(Exception):
    """One person is invited at a time, so that whoever accepts knows every other author."""

    def __init__(self) -> None:
        super().__init__(
            _("You’ve asked someone already. Wait for their answer, or withdraw the question.")
        )


class TooManyAuthors(Exception):
    """The post has `MOST_AUTHORS` authors already."""

    def __init__(self) -> None:
        super().__init__(_("A letter has at most six authors, and this one has six already."))


class ApprovalPending(Exception):
    """An approval request is open, and a new author would change whose approval it needs."""

    def __init__(self) -> None:
        super().__init__(
            _("There’s a question open already. It has to be answered or withdrawn first.")
        )


class InvitationEnded(Exception):
    """The invitation was withdrawn or answered."""

    def __init__(self) -> None:
        super().__init__(_("That isn’t being asked any more. Nothing has changed."))


class LastAuthor(Exception):
    """The only author of a post can't step out of it."""

    def __init__(self) -> None:
        super().__init__(
            _("You’re its only author. You can close it, take it back, or destroy it.")
        )


@transaction.atomic
def invite(
    post: Post, invitee: Account, *, message: str, by: Account, at: datetime
) -> CoauthorInvitation:
    """Invite `invitee` to write `post` with its authors; doing it twice is harmless.

    They are told once every author has approved the invitation, and see nothing of the post until
    they accept. The caller must have checked that `by` may know of them. Raises `NotAnAuthor`,
    `TakenBackForGood`, `CannotInvite`, `TooManyAuthors`, `AlreadyDeclined`, `AnotherInvitationOpen`
    and `ApprovalPending`.
    """
    post = locked(post, by=by)
    _require_invitable(post, invitee)
    invitation = open_invitation(post) or CoauthorInvitation.objects.create(
        post=post, inviter=by, invitee=invitee, message=message.strip(), invited_at=at
    )
    for author in pending_authors(invitation):
        if author.pk != by.pk:
            notices.tell(author.pk, Kind.APPROVAL_REQUESTED, about=post.pk, at=at)
    _approve(invitation, by=by, at=at)
    return invitation


def open_invitation(post: Post) -> CoauthorInvitation | None:
    """The post's unanswered invitation, whether or not every author has approved it, if there is one."""
    waiting = CoauthorInvitation.objects.filter(post=post, answer="")
    return waiting.select_related("invitee__profile", "inviter__profile", "post").first()


def has_room(post: Post) -> bool:
    """Whether a further author fits."""
    return len(authors_of(post)) < MOST_AUTHORS


def pending_authors(invitation: CoauthorInvitation) -> list[Account]:
    """The authors who haven't approved the invitation. While there is one, the invitee isn't told of it."""
    approved = set(invitation.approvals.values_list("account_id", flat=True))
    return [author for author in authors_of(invitation.post) if author.pk not in approved]


@transaction.atomic
def approve_invitation(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """Approve an invitation as one of the authors. The last approval sends it.

    Raises `NotAnAuthor` and `InvitationEnded`.
    """
    post = locked(invitation.post, by=by)
    notices.untell(by.pk, Kind.APPROVAL_REQUESTED, about=post.pk)
    _approve(_still_open(invitation), by=by, at=at)


@transaction.atomic
def refuse_invitation(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """End an invitation as one of the authors, sent or not. The inviter is told that, and no more.

    Raises `NotAnAuthor` and `InvitationEnded`.
    """
    post = locked(invitation.post, by=by)
    invitation = _still_open(invitation)
    end_open_invitation(post)
    if invitation.inviter_id != by.pk:
        notices.tell(invitation.inviter_id, Kind.APPROVAL_DECLINED, about=post.pk, at=at)


def find_invitation(invitation_id: UUID, *, invitee: Account) -> CoauthorInvitation:
    """The invitation with this id, while it waits for `invitee`'s answer; raises `NotInvited`."""
    waiting = CoauthorInvitation.objects.filter(
        pk=invitation_id, invitee=invitee, answer=""
    ).select_related("inviter__profile", "post")
    found = waiting.first()
    if found is None or pending_authors(found) or not _can_join(found.post, invitee):
        raise NotInvited
    return found


@transaction.atomic
def withdraw(post: Post, *, by: Account) -> None:
    """Withdraw the open invitation, as any author may. Nobody is told. Raises `NotAnAuthor`."""
    end_open_invitation(locked(post, by=by))


def end_open_invitation(post: Post) -> None:
    """Delete the open invitation, if there is one. The caller must hold the post's lock."""
    for waiting in CoauthorInvitation.objects.filter(post=post, answer=""):
        notices.untell(waiting.invitee_id, Kind.COAUTHOR_INVITED, about=waiting.pk)
        for author in authors_of(post):
            notices.untell(author.pk, Kind.APPROVAL_REQUESTED, about=post.pk)
        waiting.delete()


@transaction.atomic
def accept(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> Post:
    """Accept, and become an author.

    `by` gets a hold on every photograph in the post, each hidden from them until they open it. The
    post's share links open nothing until `by` has approved them, and `by` is asked to. Raises `NotInvited`.
    """
    post, waiting = _locked_with(invitation, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise NotInvited
    _answer(waiting, CoauthorInvitation.Answer.YES, at=at)
    for author in authors_of(post):
        notices.tell(author.pk, Kind.COAUTHOR_ACCEPTED, about=post.pk, actor=by.pk, at=at)
    Authorship.objects.create(post=post, account=by, joined_at=at)
    indexed_texts.follow(post)
    for photo in Photo.objects.filter(placed__post=post):
        give_unseen(photo, to=by)
    for link in ShareLink.objects.alive(at).filter(post=post):
        notices.tell(by.pk, Kind.LINK_APPROVAL_REQUESTED, about=link.pk, at=at)
    return post


@transaction.atomic
def decline(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """Decline. The inviter is told that, and no more. Raises `NotInvited`."""
    post, waiting = _locked_with(invitation, by=by)
    _answer(waiting, CoauthorInvitation.Answer.NO, at=at)
    notices.tell(waiting.inviter_id, Kind.COAUTHOR_DECLINED, about=post.pk, at=at)


@transaction.atomic
def step_out(post: Post, *, by: Account, at: datetime) -> list[ShareLink]:
    """Leave the post to its other authors; returns the share links that only `by`'s approval held back.

    The caller mails those. The photographs that `by` put in leave the post, and everybody keeps the
    keys they hold. An open approval request or invitation ends. Raises `NotAnAuthor` and `LastAuthor`.
    """
    post = locked(post, by=by)
    others = [author for author in authors_of(post) if author.pk != by.pk]
    if not others:
        raise LastAuthor
    end_open_invitation(post)
    _leave(post, by=by, at=at)
    narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    for other in others:
        notices.tell(other.pk, Kind.STEPPED_OUT, about=post.pk, actor=by.pk, at=at)
    freed = ShareLink.objects.openable(at).to_be_mailed().filter(post=post)
    return list(freed.select_related("post", "maker__profile"))


def _leave(post: Post, *, by: Account, at: datetime) -> None:
    PlacedPhoto.objects.filter(post=post, photo__uploader=by).delete()
    Authorship.objects.filter(post=post, account=by).delete()
    indexed_texts.follow(post)
    asked_for = Destruction.objects.filter(post=post, account=by, done_at=None, stopped_at=None)
    asked_for.update(stopped_at=at)
    notices.untell(by.pk, Kind.APPROVAL_REQUESTED, about=post.pk)
    for link in ShareLink.objects.filter(post=post):
        notices.untell(by.pk, Kind.LINK_APPROVAL_REQUESTED, about=link.pk)


def _require_invitable(post: Post, invitee: Account) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if not _can_join(post, invitee):
        raise CannotInvite
    if (waiting := open_invitation(post)) and waiting.invitee_id != invitee.pk:
        raise AnotherInvitationOpen
    if not has_room(post):
        raise TooManyAuthors
    if ApprovalRequest.objects.filter(post=post, ended_at=None).exists():
        raise ApprovalPending
    answers = CoauthorInvitation.objects.filter(post=post, invitee=invitee)
    if answers.filter(answer=CoauthorInvitation.Answer.NO).exists():
        raise AlreadyDeclined


def _approve(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    CoauthorApproval.objects.get_or_create(
        invitation=invitation, account=by, defaults={"approved_at": at}
    )
    if not pending_authors(invitation):
        notices.tell(invitation.invitee_id, Kind.COAUTHOR_INVITED, about=invitation.pk, at=at)


def _still_open(invitation: CoauthorInvitation) -> CoauthorInvitation:
    found = CoauthorInvitation.objects.filter(pk=invitation.pk, answer="").first()
    if found is None:
        raise InvitationEnded
    return found


def _locked_with(invitation: CoauthorInvitation, *, by: Account) -> tuple[Post, CoauthorInvitation]:
    post = Post.objects.select_for_update().filter(pk=invitation.post_id).first()
    if post is None:
        raise NotInvited
    return post, find_invitation(invitation.pk, invitee=by)


def _answer(asked: CoauthorInvitation, answer: CoauthorInvitation.Answer, *, at: datetime) -> None:
    asked.answer, asked.answered_at = answer, at
    asked.save(update_fields=["answer", "answered_at"])
    notices.untell(asked.invitee_id, Kind.COAUTHOR_INVITED, about=asked.pk)


def _can_join(post: Post, invitee: Account) -> bool:
    """Whether `invitee` is active, not an author yet, and no block is between them and any author."""
    authors = authors_of(post)
    between = Q(blocker__in=authors, blocked=invitee) | Q(blocker=invitee, blocked__in=authors)
    is_here = Account.objects.filter(pk=invitee.pk, is_active=True).exists()
    return is_here and invitee not in authors and not Block.objects.filter(between).exists()
