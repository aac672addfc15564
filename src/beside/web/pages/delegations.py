"""Delegations, as the author and the delegate see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access.policy import NothingToSee
from beside.people import delegations
from beside.people.delegations import HandsOver, Role
from beside.people.models import Account, Delegation
from beside.posts.authorship import name_of
from beside.web.forms.choices import Choice
from beside.web.forms.delegations import ROLES, OfferForm, WriteForForm


@dataclass(frozen=True)
class Helper:
    """One delegation for one of the two. `role` and `hands_over` are enum names, `label` the role in words."""

    id: UUID
    role: str
    label: str
    author: str
    delegate: str
    message: str
    is_mine: bool
    is_signed: bool
    asked_at: datetime | None
    acts_from: datetime | None
    hands_over: str

    def may_act(self, *, at: datetime) -> bool:
        """Whether the term is over, and the author hasn't said no."""
        return self.acts_from is not None and self.acts_from <= at


@dataclass(frozen=True)
class DelegationsPage:
    """What others do for an account, what it does for others, and the form to ask somebody."""

    for_me: Sequence[Helper]
    by_me: Sequence[Helper]
    form: OfferForm


@dataclass(frozen=True)
class DelegationPage:
    """One delegation, and whether its delegate may act for the author now."""

    one: Helper
    may_act: bool


@dataclass(frozen=True)
class WriteForPage:
    """Writing a letter for somebody."""

    one: Helper
    form: WriteForForm


@dataclass(frozen=True)
class RehearsalPage:
    """What a delegate with this role sees, with made-up contents. `hands_over` is an enum name."""

    role: str
    label: Choice
    hands_over: str = ""


def delegations_page(me: Account, form: OfferForm) -> DelegationsPage:
    """The delegations of `me`, on either side."""
    return DelegationsPage(
        for_me=[helper(one, me) for one in delegations.of(me)],
        by_me=[helper(one, me) for one in delegations.done_by(me)],
        form=form,
    )


def delegation_page(one: Delegation, me: Account, *, at: datetime) -> DelegationPage:
    """One delegation, for `me`, who is its author or its delegate."""
    told = helper(one, me)
    return DelegationPage(told, may_act=told.may_act(at=at))


def rehearsal_page(role: str) -> RehearsalPage:
    """The rehearsal for `role`; raises `NothingToSee` if there is no such role."""
    if role not in Role.values:
        raise NothingToSee
    return RehearsalPage(Role(role).name, ROLES[Role(role)])


def helper(one: Delegation, me: Account) -> Helper:
    """A delegation for `me`, who is its author or its delegate."""
    return Helper(
        id=one.pk,
        role=Role(one.role).name,
        label=str(ROLES[Role(one.role)]),
        author=name_of(one.author),
        delegate=name_of(one.delegate),
        message=one.message,
        is_mine=one.author_id == me.pk,
        is_signed=one.signed_at is not None,
        asked_at=one.asked_to_act_at,
        acts_from=one.acts_from,
        hands_over=HandsOver(one.hands_over).name,
    )


def held_by(me: Account, delegation_id: UUID) -> Delegation:
    """The open delegation with this id, of which `me` is author or delegate; raises `NothingToSee`."""
    for some in (delegations.of(me), delegations.done_by(me)):
        if found := some.filter(pk=delegation_id).first():
            return found
    raise NothingToSee
