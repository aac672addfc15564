"""One member of a family: for its keeper, and for somebody who has been named."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from beside.access.profiles import people_known_to, people_named_to, people_to_choose_from
from beside.family.models import FamilyMember
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.family_members import FamilyMemberForm
from beside.web.pages.families import said_name


@dataclass(frozen=True)
class FamilyMemberPage:
    """A member whom the keeper of a family has named, and the form that renames them."""

    id: UUID
    name: str
    is_off: bool
    form: FamilyMemberForm


@dataclass(frozen=True)
class NamedPage:
    """What somebody is asked who has been named. `keeper` is empty where they may no longer be told whose family it is."""

    id: UUID
    name: str
    keeper: str
    page: UUID | None
    has_agreed: bool


def member_form(me: Account, data: QueryDict | None = None) -> FamilyMemberForm:
    """The form with which `me` names somebody."""
    people = people_to_choose_from(me.pk).select_related("profile").distinct()
    named = people.order_by("profile__name", "pk")
    return FamilyMemberForm(data, people=[(str(one.pk), name_of(one)) for one in named])


def family_member_page(member: FamilyMember, form: FamilyMemberForm) -> FamilyMemberPage:
    """The page of `member` for its keeper."""
    return FamilyMemberPage(member.pk, said_name(member), member.taken_off_at is not None, form)


def named_page(member: FamilyMember, me: Account) -> NamedPage:
    """The page of `member` for `me`, who is named."""
    keeper = member.family.keeper
    may_know = people_named_to(me.pk).filter(pk=keeper.pk).exists()
    may_open = people_known_to(me.pk).filter(pk=keeper.pk).exists()
    return NamedPage(
        id=member.pk,
        name=said_name(member),
        keeper=name_of(keeper) if may_know else "",
        page=keeper.pk if may_open else None,
        has_agreed=member.agreed_at is not None,
    )
