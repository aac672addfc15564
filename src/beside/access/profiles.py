"""Whose profile page somebody may open: not everybody may know that a person has an account here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from beside.access.models import Admission
from beside.people.models import Account, Block, DirectoryEntry, Follow, Membership
from beside.posts.models import Audience, Authorship, Grant, Post


def people_known_to(me: UUID | None) -> QuerySet[Account]:
    """The people whose profile page `me` may open, including `me`; None is somebody who isn't signed in.

    They are the people listed in docs/access.md, under "A person's page". Blocks work both ways.
    """
    people = Account.objects.filter(is_active=True, profile__isnull=False)
    if me is None:
        return people.filter(suspended_at=None).filter(_writes_for_anyone(signed_in=False))
    known = (
        Q(pk=me)
        | _wants_to_be_found()
        | _writes_for_anyone(signed_in=True)
        | _wrote_for(me)
        | _let_in(me)
        | _writes_with(me)
        | _follows(me)
        | _in_a_circle_with(me)
        | Q(came_by_invitation__inviter=me)
        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))
    )
    return people.filter(known).exclude(_blocked(me)).exclude(_apart_by_suspension(me))


def people_named_to(me: UUID | None) -> QuerySet[Account]:
    """The people whose names `me`, who knew them when they did something, may still be told.

    They have an account that isn't closed, and no block stands between them and `me`.
    """
    return Account.objects.filter(is_active=True, profile__isnull=False).exclude(_blocked(me))


def people_to_choose_from(me: UUID) -> QuerySet[Account]:
    """The people whom `me` may name in "these people": a list that reveals nothing to `me`.

    They are those in a circle of `me`'s, those who follow `me` or whom `me` follows, and those whom `me`
    invited or who invited `me`. Those who have `me` in a circle of theirs don't belong to it.
    """
    in_my_circle = Membership.objects.filter(circle__owner=me, account=OuterRef("pk"))
    mine = (
        _follows(me)
        | Q(Exists(in_my_circle))
        | Q(came_by_invitation__inviter=me)
        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))
    )
    return people_known_to(me).filter(mine).exclude(pk=me)


def people_close_to(me: UUID) -> QuerySet[Account]:
    """The people with whom `me` is connected already: by following, an invitation, or a circle of `me`'s.

    Only these can be named by their mail address, so that nobody can find out whose an address is.
    """
    accepted = Follow.objects.filter(state=Follow.State.ACCEPTED)
    return people_known_to(me).filter(
        Q(Exists(accepted.filter(followed=me, follower=OuterRef("pk"))))
        | Q(Exists(accepted.filter(follower=me, followed=OuterRef("pk"))))
        | Q(Exists(Membership.objects.filter(circle__owner=me, account=OuterRef("pk"))))
        | Q(came_by_invitation__inviter=me)
        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))
    )


def people_close_by(me: UUID) -> QuerySet[Account]:
    """Those of `people_known_to` me with whom a row connects `me`, found without asking about everybody else."""
    asked = Follow.objects.exclude(state=Follow.State.WITHDRAWN)
    mine = Authorship.objects.filter(account=me).values("post_id")
    named = Grant.objects.filter(account=me, what=Grant.What.WORDS).values("post_id")
    holding = Grant.objects.filter(circle__memberships__account=me, what=Grant.What.WORDS).values(
        "post_id"
    )
    ids = asked.filter(follower=me).values("followed_id")
    ids = ids.union(
        asked.filter(followed=me).values("follower_id"),
        Membership.objects.filter(circle__owner=me).values("account_id"),
        Membership.objects.filter(account=me).values("circle__owner_id"),
        Authorship.objects.filter(post__in=mine).values("account_id"),
        Authorship.objects.filter(post__in=named).values("account_id"),
        Authorship.objects.filter(post__in=holding).values("account_id"),
        Account.objects.filter(came_by_invitation__inviter=me).values("pk"),
        Account.objects.filter(invitations__used_by=me).values("pk"),
    )
    return people_known_to(me).filter(pk__in=ids)


def _apart_by_suspension(me: UUID) -> Q:
    """Whether they are suspended, or `me` is. Everybody can open their own page."""
    i_am = Q(Exists(Account.objects.filter(pk=me, suspended_at__isnull=False)))
    return ~Q(pk=me) & (Q(suspended_at__isnull=False) | i_am)


def _wants_to_be_found() -> Q:
    return Q(Exists(DirectoryEntry.objects.filter(account=OuterRef("pk"))))


def _writes_for_anyone(*, signed_in: bool) -> Q:
    open_words = Q(
        account=OuterRef("pk"), post__state=Post.State.PUBLISHED, post__words_for=Audience.ANYONE
    ) & Q(post__suspended_at=None)
    if not signed_in:
        open_words &= Q(post__words_signed_in=False)
    return Q(Exists(Authorship.objects.filter(open_words)))


def _wrote_for(me: UUID) -> Q:
    """By name or by circle. A grant counts only while the words are for named people."""
    theirs = Grant.objects.filter(
        what=Grant.What.WORDS,
        post__authorships__account=OuterRef("pk"),
        post__state=Post.State.PUBLISHED,
        post__suspended_at=None,
        post__words_for__in=(Audience.PEOPLE, Audience.LET_IN),
    )
    by_name = theirs.filter(account=me)
    counts = Q(circle__memberships__from_now_on=False) | Q(
        circle__memberships__added_at__lte=F("post__published_at")
    )
    by_circle = theirs.filter(counts, circle__memberships__account=me)
    return Q(Exists(by_name)) | Q(Exists(by_circle))


def _let_in(me: UUID) -> Q:
    """At a door that still exists."""
    doors = Q(post__words_for=Audience.LET_IN) | Q(post__photographs_for=Audience.LET_IN)
    admitted = Admission.objects.filter(
        doors,
        account=me,
        post__authorships__account=OuterRef("pk"),
        post__state=Post.State.PUBLISHED,
    )
    return Q(Exists(admitted.filter(post__suspended_at=None)))


def _writes_with(me: UUID) -> Q:
    together = Authorship.objects.filter(account=OuterRef("pk"), post__authorships__account=me)
    return Q(Exists(together))


def _follows(me: UUID) -> Q:
    asked = Follow.objects.exclude(state=Follow.State.WITHDRAWN)
    follows = asked.filter(followed=me, follower=OuterRef("pk"))
    followed = asked.filter(follower=me, followed=OuterRef("pk"))
    return Q(Exists(follows)) | Q(Exists(followed))


def _in_a_circle_with(me: UUID) -> Q:
    holds_me = Membership.objects.filter(circle__owner=OuterRef("pk"), account=me)
    held_by_me = Membership.objects.filter(circle__owner=me, account=OuterRef("pk"))
    return Q(Exists(holds_me)) | Q(Exists(held_by_me))


def _blocked(me: UUID | None) -> Q:
    by_them = Block.objects.filter(blocker=OuterRef("pk"), blocked=me)
    by_me = Block.objects.filter(blocker=me, blocked=OuterRef("pk"))
    return Q(Exists(by_them)) | Q(Exists(by_me))
