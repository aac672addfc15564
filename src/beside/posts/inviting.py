"""Writing with somebody: asking them, their answer, and stepping out again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.notices import telling
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Block, Narrowing
from beside.photos.models import Photo
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, authors_of, locked, require_every_yes
from beside.posts.drafting import give_unseen
from beside.posts.models import Authorship, CoauthorInvitation, Destruction, PlacedPhoto, Post


class NotAsked(NotAnAuthor):
    """Nobody has asked, or not any more. Pages answer that nothing is there."""


class CannotBeAsked(Exception):
    """There is nobody of that kind to ask: the account is closed, kept apart, or writes it already."""

    def __init__(self) -> None:
        super().__init__(_("You can’t ask this person for this letter."))


class SaidNo(Exception):
    """They have answered once, and are not asked again."""

    def __init__(self) -> None:
        super().__init__(_("You’ve asked already, and they’d rather not. They aren’t asked again."))


class SomebodyIsAsked(Exception):
    """One person is asked at a time: whoever says yes has then agreed to whoever else is there."""

    def __init__(self) -> None:
        super().__init__(
            _("You’ve asked somebody already. Wait for their answer, or take the question back.")
        )


class NobodyWouldBeLeft(Exception):
    """A letter has an author for as long as it is."""

    def __init__(self) -> None:
        super().__init__(
            _("You’re its only author. You can close it, take it back, or destroy it.")
        )


@transaction.atomic
def invite(
    post: Post, invitee: Account, *, said: str, by: Account, at: datetime
) -> CoauthorInvitation:
    """Ask `invitee` to write `post` with its only author; twice is harmless.

    They meet nothing of it until they say yes. That `by` may know of them is for the caller
    to have asked. Raises `NotAnAuthor`, `WaitsForOthers`, `TakenBackForGood`, `CannotBeAsked`,
    `SaidNo` and `SomebodyIsAsked`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    require_every_yes(post, by=by)
    if invitee.pk == by.pk or not _may_meet(by, invitee):
        raise CannotBeAsked
    if asked := open_for(post):
        if asked.invitee_id != invitee.pk:
            raise SomebodyIsAsked
        return asked
    answers = CoauthorInvitation.objects.filter(post=post, invitee=invitee)
    if answers.filter(answer=CoauthorInvitation.Answer.NO).exists():
        raise SaidNo
    asked = CoauthorInvitation.objects.create(
        post=post, inviter=by, invitee=invitee, said=said.strip(), asked_at=at
    )
    telling.tell(invitee.pk, Notice.Kind.ASKED_BESIDE, about=asked.pk, at=at)
    return asked


def open_for(post: Post) -> CoauthorInvitation | None:
    """Whoever is asked and has not answered, if anybody."""
    waiting = CoauthorInvitation.objects.filter(post=post, answer="")
    return waiting.select_related("invitee__profile").first()


def asked(invitation_id: UUID, *, invitee: Account) -> CoauthorInvitation:
    """The question, while it waits for `invitee`; raises `NotAsked`."""
    waiting = CoauthorInvitation.objects.filter(
        pk=invitation_id, invitee=invitee, answer=""
    ).select_related("inviter__profile", "post")
    found = waiting.first()
    if found is None or not _may_meet(found.inviter, invitee):
        raise NotAsked
    return found


@transaction.atomic
def withdraw(post: Post, *, by: Account) -> None:
    """Take the question back; twice is harmless. Nobody is told. Raises `NotAnAuthor`."""
    end_open(locked(post, by=by))


def end_open(post: Post) -> None:
    """Forget whatever question waits. The caller has locked the post."""
    for waiting in CoauthorInvitation.objects.filter(post=post, answer=""):
        telling.untell(waiting.invitee_id, Notice.Kind.ASKED_BESIDE, about=waiting.pk)
        waiting.delete()


@transaction.atomic
def accept(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> Post:
    """Say yes. Every photograph in the letter is theirs to keep too, closed for them until they say.

    Raises `NotAsked`.
    """
    post, waiting = _locked_with(invitation, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise NotAsked
    _answer(waiting, CoauthorInvitation.Answer.YES, at=at)
    Authorship.objects.create(post=post, account=by, joined_at=at)
    for photo in Photo.objects.filter(placed__post=post):
        give_unseen(photo, to=by)
    telling.tell(waiting.inviter_id, Notice.Kind.BESIDE_YES, about=post.pk, at=at)
    return post


@transaction.atomic
def decline(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """Say no. The author is told that, and no more. Raises `NotAsked`."""
    post, waiting = _locked_with(invitation, by=by)
    _answer(waiting, CoauthorInvitation.Answer.NO, at=at)
    telling.tell(waiting.inviter_id, Notice.Kind.BESIDE_NO, about=post.pk, at=at)


@transaction.atomic
def step_out(post: Post, *, by: Account, at: datetime) -> None:
    """Leave the letter to those who remain.

    The photographs that `by` put in go out of it. Nobody loses a key: each keeps what they
    hold. What was asked of all authors has to be asked anew. Raises `NotAnAuthor` and
    `NobodyWouldBeLeft`.
    """
    post = locked(post, by=by)
    others = [author for author in authors_of(post) if author.pk != by.pk]
    if not others:
        raise NobodyWouldBeLeft
    PlacedPhoto.objects.filter(post=post, photo__uploader=by).delete()
    Authorship.objects.filter(post=post, account=by).delete()
    asked_for = Destruction.objects.filter(post=post, account=by, done_at=None, stopped_at=None)
    asked_for.update(stopped_at=at)
    telling.untell(by.pk, Notice.Kind.ASKED_YES, about=post.pk)
    narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    for other in others:
        telling.tell(other.pk, Notice.Kind.STEPPED_OUT, about=post.pk, at=at)


def _locked_with(invitation: CoauthorInvitation, *, by: Account) -> tuple[Post, CoauthorInvitation]:
    post = Post.objects.select_for_update().filter(pk=invitation.post_id).first()
    if post is None:
        raise NotAsked
    return post, asked(invitation.pk, invitee=by)


def _answer(
    waiting: CoauthorInvitation, answer: CoauthorInvitation.Answer, *, at: datetime
) -> None:
    waiting.answer, waiting.answered_at = answer, at
    waiting.save(update_fields=["answer", "answered_at"])
    telling.untell(waiting.invitee_id, Notice.Kind.ASKED_BESIDE, about=waiting.pk)


def _may_meet(one: Account, other: Account) -> bool:
    between = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    people = Account.objects.filter(pk=other.pk, is_active=True)
    return people.exists() and not Block.objects.filter(between).exists()
