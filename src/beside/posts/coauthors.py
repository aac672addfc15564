"""Writing with somebody: asking them, their answer, and stepping out again.

Where a letter has several authors already, each of them says yes before whoever is asked hears
of it: to let somebody come to a letter is to show it to one person more.
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
)

# As many as can still be asked for every yes, and have a bad fortnight.
MOST_AUTHORS = 6


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


class EnoughAuthors(Exception):
    """There is no room for a further author."""

    def __init__(self) -> None:
        super().__init__(_("A letter has at most six authors, and this one has them."))


class SomethingIsAsked(Exception):
    """One question at a time: this one changes whose yes the other needs."""

    def __init__(self) -> None:
        super().__init__(
            _("Something is being asked of you all already. It has to be answered, or taken back.")
        )


class NotWaiting(Exception):
    """The question whether somebody may be asked was taken back, or answered."""

    def __init__(self) -> None:
        super().__init__(_("That isn’t being asked any more. Nothing has changed."))


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
    """Ask `invitee` to write `post` with its authors; twice is harmless.

    They are told once each author has agreed to that, and meet nothing of it until they say yes.
    That `by` may know of them is for the caller to have asked. Raises `NotAnAuthor`,
    `TakenBackForGood`, `CannotBeAsked`, `EnoughAuthors`, `SaidNo`, `SomebodyIsAsked` and `SomethingIsAsked`.
    """
    post = locked(post, by=by)
    _require_askable(post, invitee)
    asked = open_for(post) or CoauthorInvitation.objects.create(
        post=post, inviter=by, invitee=invitee, said=said.strip(), asked_at=at
    )
    for author in waits_for(asked):
        if author.pk != by.pk:
            notices.tell(author.pk, Notice.Kind.ASKED_YES, about=post.pk, at=at)
    _say_yes(asked, by=by, at=at)
    return asked


def open_for(post: Post) -> CoauthorInvitation | None:
    """Whoever is asked, or is to be asked, and has not answered, if anybody."""
    waiting = CoauthorInvitation.objects.filter(post=post, answer="")
    return waiting.select_related("invitee__profile", "inviter__profile", "post").first()


def has_room(post: Post) -> bool:
    """Whether a further author fits."""
    return len(authors_of(post)) < MOST_AUTHORS


def waits_for(asked: CoauthorInvitation) -> list[Account]:
    """The authors who have not said yes to asking. While there is one, the question reaches nobody."""
    yes = set(asked.yeses.values_list("account_id", flat=True))
    return [author for author in authors_of(asked.post) if author.pk not in yes]


@transaction.atomic
def agree_to_ask(asked: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """Say yes to asking somebody further. With the last yes they are asked.

    Raises `NotAnAuthor` and `NotWaiting`.
    """
    post = locked(asked.post, by=by)
    notices.untell(by.pk, Notice.Kind.ASKED_YES, about=post.pk)
    _say_yes(_still_open(asked), by=by, at=at)


@transaction.atomic
def stay_as_we_are(asked: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """End the question, whether it has reached somebody or not. Whoever asked is told that, and no more.

    Raises `NotAnAuthor` and `NotWaiting`.
    """
    post = locked(asked.post, by=by)
    asked = _still_open(asked)
    end_open(post)
    if asked.inviter_id != by.pk:
        notices.tell(asked.inviter_id, Notice.Kind.STAYS, about=post.pk, at=at)


def asked(invitation_id: UUID, *, invitee: Account) -> CoauthorInvitation:
    """The question, while it waits for `invitee`; raises `NotAsked`."""
    waiting = CoauthorInvitation.objects.filter(
        pk=invitation_id, invitee=invitee, answer=""
    ).select_related("inviter__profile", "post")
    found = waiting.first()
    if found is None or waits_for(found) or not _may_meet_all(found.post, invitee):
        raise NotAsked
    return found


@transaction.atomic
def withdraw(post: Post, *, by: Account) -> None:
    """Take the question back, as any author may; twice is harmless. Nobody is told. Raises `NotAnAuthor`."""
    end_open(locked(post, by=by))


def end_open(post: Post) -> None:
    """Forget whatever question waits. The caller has locked the post."""
    for waiting in CoauthorInvitation.objects.filter(post=post, answer=""):
        notices.untell(waiting.invitee_id, Notice.Kind.ASKED_BESIDE, about=waiting.pk)
        for author in authors_of(post):
            notices.untell(author.pk, Notice.Kind.ASKED_YES, about=post.pk)
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
    for author in authors_of(post):
        notices.tell(author.pk, Notice.Kind.BESIDE_YES, about=post.pk, at=at)
    Authorship.objects.create(post=post, account=by, joined_at=at)
    for photo in Photo.objects.filter(placed__post=post):
        give_unseen(photo, to=by)
    return post


@transaction.atomic
def decline(invitation: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    """Say no. The author is told that, and no more. Raises `NotAsked`."""
    post, waiting = _locked_with(invitation, by=by)
    _answer(waiting, CoauthorInvitation.Answer.NO, at=at)
    notices.tell(waiting.inviter_id, Notice.Kind.BESIDE_NO, about=post.pk, at=at)


@transaction.atomic
def step_out(post: Post, *, by: Account, at: datetime) -> None:
    """Leave the letter to those who remain.

    The photographs that `by` put in go out of it. Nobody loses a key: each keeps what they
    hold. What was asked of all authors, or of somebody further, has to be asked anew. Raises `NotAnAuthor` and
    `NobodyWouldBeLeft`.
    """
    post = locked(post, by=by)
    others = [author for author in authors_of(post) if author.pk != by.pk]
    if not others:
        raise NobodyWouldBeLeft
    end_open(post)
    PlacedPhoto.objects.filter(post=post, photo__uploader=by).delete()
    Authorship.objects.filter(post=post, account=by).delete()
    asked_for = Destruction.objects.filter(post=post, account=by, done_at=None, stopped_at=None)
    asked_for.update(stopped_at=at)
    notices.untell(by.pk, Notice.Kind.ASKED_YES, about=post.pk)
    narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    for other in others:
        notices.tell(other.pk, Notice.Kind.STEPPED_OUT, about=post.pk, at=at)


def _require_askable(post: Post, invitee: Account) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if not _may_meet_all(post, invitee):
        raise CannotBeAsked
    if (waiting := open_for(post)) and waiting.invitee_id != invitee.pk:
        raise SomebodyIsAsked
    if not has_room(post):
        raise EnoughAuthors
    if ApprovalRequest.objects.filter(post=post, ended_at=None).exists():
        raise SomethingIsAsked
    answers = CoauthorInvitation.objects.filter(post=post, invitee=invitee)
    if answers.filter(answer=CoauthorInvitation.Answer.NO).exists():
        raise SaidNo


def _say_yes(asked: CoauthorInvitation, *, by: Account, at: datetime) -> None:
    CoauthorApproval.objects.get_or_create(invitation=asked, account=by, defaults={"at": at})
    if not waits_for(asked):
        notices.tell(asked.invitee_id, Notice.Kind.ASKED_BESIDE, about=asked.pk, at=at)


def _still_open(asked: CoauthorInvitation) -> CoauthorInvitation:
    found = CoauthorInvitation.objects.filter(pk=asked.pk, answer="").first()
    if found is None:
        raise NotWaiting
    return found


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
    notices.untell(waiting.invitee_id, Notice.Kind.ASKED_BESIDE, about=waiting.pk)


def _may_meet_all(post: Post, invitee: Account) -> bool:
    """Whether `invitee` can be an author beside all that there are: here, none of them, and not kept apart."""
    authors = authors_of(post)
    between = Q(blocker__in=authors, blocked=invitee) | Q(blocker=invitee, blocked__in=authors)
    people = Account.objects.filter(pk=invitee.pk, is_active=True)
    here = people.exists() and invitee not in authors
    return here and not Block.objects.filter(between).exists()
