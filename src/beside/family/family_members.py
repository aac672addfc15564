"""Who belongs to a family: naming them, asking those who have an account, and taking them off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.family import families
from beside.family.models import LONGEST_NAME, FamilyMember
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, names, narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full

MOST_MEMBERS = 60


class NoSuchMember(Exception):
    """This family has no such member, or it isn't theirs. Pages answer 404."""


class TooManyMembers(Exception):
    """A family has as many members as a page can hold."""

    def __init__(self) -> None:
        super().__init__(_("There’s no room for more people in this family."))


@transaction.atomic
def add(
    keeper: Account, member_id: UUID, name: str, *, at: datetime, account: Account | None = None
) -> FamilyMember:
    """Add somebody under a key of the caller's, so that pressing twice adds one. An `account` is asked, and told so.

    The caller must have checked that `keeper` knows the account. Raises `TooManyMembers` and `NoSuchMember`.
    """
    family = families.locked(keeper, at=at)
    if there := FamilyMember.objects.filter(pk=member_id).first():
        if there.family_id != family.pk:
            raise NoSuchMember
        return there
    if family.members.count() >= MOST_MEMBERS:
        raise TooManyMembers
    asked = account if account is not None and _may_be_asked(keeper, account) else None
    if asked and (there := family.members.filter(account=asked).first()):
        return there
    cleaned = names.clean(name)[:LONGEST_NAME]
    member = FamilyMember.objects.create(
        pk=member_id, family=family, name=cleaned, added_at=at, account=asked
    )
    if asked:
        kind = Notice.Kind.NAMED_IN_FAMILY
        notices.tell(asked.pk, kind, about=member.pk, actor=keeper.pk, at=at)
    return member


def rename(keeper: Account, member_id: UUID, name: str) -> None:
    """Call a member something else; empty means that they aren't to be named. Raises `NoSuchMember`."""
    found = FamilyMember.objects.filter(pk=member_id, family__keeper=keeper, taken_off_at=None)
    if not found.update(name=names.clean(name)[:LONGEST_NAME]):
        raise NoSuchMember


@disk_full.with_reserve
@transaction.atomic
def remove(keeper: Account, member_id: UUID, *, at: datetime) -> None:
    """Remove a member. What was written about them stays, without them. Raises `NoSuchMember`."""
    member = FamilyMember.objects.filter(pk=member_id, family__keeper=keeper).first()
    if member is None:
        raise NoSuchMember
    if member.account_id:
        notices.untell(member.account_id, Notice.Kind.NAMED_IN_FAMILY, about=member.pk)
    if member.taken_off_at:
        # What names them stays hidden from others, though the row that says so goes.
        for entry in member.entries.filter(put_away_at=None):
            entry.put_away_at = at
            entry.save(update_fields=["put_away_at"])
            narrowings.record(Narrowing.Kind.FAMILY_ENTRY_ENDED, at=at, entry=entry.pk)
    narrowings.record(Narrowing.Kind.FAMILY_LEFT, at=at, member=member.pk)
    member.delete()


def named(member_id: UUID, *, by: Account) -> FamilyMember:
    """What `by`, who was named, is asked about, with its family. Raises `NoSuchMember`, also once they were taken off."""
    mine = FamilyMember.objects.filter(pk=member_id, account=by, taken_off_at=None)
    member = mine.select_related("family__keeper__profile").first()
    if member is None:
        raise NoSuchMember
    return member


@transaction.atomic
def agree(member_id: UUID, *, by: Account, at: datetime) -> None:
    """Say yes to being named: from now on the name leads to their own page. Raises `NoSuchMember`."""
    member = named(member_id, by=by)
    FamilyMember.objects.filter(pk=member.pk, agreed_at=None).update(agreed_at=at)
    notices.untell(by.pk, Notice.Kind.NAMED_IN_FAMILY, about=member.pk)


@disk_full.with_reserve
@transaction.atomic
def take_off(member_id: UUID, *, by: Account, at: datetime) -> None:
    """Take oneself off a family, at once and for good. Raises `NoSuchMember`."""
    member = named(member_id, by=by)
    take_off_again(member.pk, at=at)
    narrowings.record(Narrowing.Kind.FAMILY_LEFT, at=at, member=member.pk)
    notices.untell(by.pk, Notice.Kind.NAMED_IN_FAMILY, about=member.pk)


def take_off_again(member_id: UUID, *, at: datetime) -> None:
    """Take a member off, also after a restore."""
    FamilyMember.objects.filter(pk=member_id, taken_off_at=None).update(taken_off_at=at)


def _may_be_asked(keeper: Account, account: Account) -> bool:
    """The caller holds a transaction: a block that is made meanwhile waits for its end."""
    blocks.lock(keeper.pk, account.pk)
    is_here = Account.objects.filter(pk=account.pk, is_active=True).exists()
    return is_here and account.pk != keeper.pk and not blocks.is_between(keeper, account)
