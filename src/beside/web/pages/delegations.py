"""Who does something for whom, as pages say it to the two whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access.policy import NothingToSee
from beside.people import delegations
from beside.people.delegations import HandsOver, Role
from beside.people.models import Account, Delegation
from beside.posts.authorship import name_of
from beside.web.forms.delegations import ROLES


@dataclass(frozen=True)
class Helper:
    """One delegation, as one of the two meets it. `role` and `hands_over` are in capitals, `label` in words."""

    id: UUID
    role: str
    label: str
    author: str
    delegate: str
    said: str
    is_mine: bool
    is_signed: bool
    asked_at: datetime | None
    acts_from: datetime | None
    hands_over: str

    def may_act(self, *, at: datetime) -> bool:
        """Whether the term is over, and nobody has said no."""
        return self.acts_from is not None and self.acts_from <= at


def helper(one: Delegation, me: Account) -> Helper:
    """It, for `me`, who is its author or its delegate."""
    return Helper(
        id=one.pk,
        role=Role(one.role).name,
        label=str(ROLES[Role(one.role)]),
        author=name_of(one.author),
        delegate=name_of(one.delegate),
        said=one.said,
        is_mine=one.author_id == me.pk,
        is_signed=one.signed_at is not None,
        asked_at=one.asked_to_act_at,
        acts_from=one.acts_from,
        hands_over=HandsOver(one.hands_over).name,
    )


def held_by(me: Account, delegation_id: UUID) -> Delegation:
    """The one of this id that is `me`'s or done by `me`, not ended; raises `NothingToSee`."""
    for some in (delegations.of(me), delegations.done_by(me)):
        if found := some.filter(pk=delegation_id).first():
            return found
    raise NothingToSee
