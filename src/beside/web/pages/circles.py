"""Circles, as their owner sees them. Nobody else ever does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access.profiles import people_to_choose_from
from beside.people import circles
from beside.people.models import Account, Circle, Membership
from beside.posts import circle_history
from beside.posts.authorship import name_of
from beside.web.forms.circles import CircleForm, MemberForm
from beside.web.pages.people import in_a_row

LONGEST_LIST = 500
# A key in the session: the member who was removed last.
TAKEN_OUT = "taken_out"


@dataclass(frozen=True)
class Listed:
    """A circle in the list of them all."""

    id: UUID
    name: str
    members: str


@dataclass(frozen=True)
class CirclesPage:
    """Every circle, and the form for a new one."""

    circles: Sequence[Listed]
    form: CircleForm


@dataclass(frozen=True)
class Member:
    """Somebody in a circle. `has_past` is true where letters were shared with it before they joined."""

    id: UUID
    name: str
    since: datetime
    from_now_on: bool
    has_past: bool


@dataclass(frozen=True)
class CirclePage:
    """One circle, and the forms that change it. `taken_out` was removed last, and can be put back."""

    circle: Circle
    members: Sequence[Member]
    name_form: CircleForm
    add_form: MemberForm
    taken_out: Member | None


def circles_page(owner: Account, form: CircleForm) -> CirclesPage:
    """The circles of `owner`."""
    listed = [
        Listed(circle.pk, circle.name, in_a_row([name_of(one) for one in circles.members(circle)]))
        for circle in circles.of(owner)
    ]
    return CirclesPage(listed, form)


def circle_page(
    circle: Circle,
    owner: Account,
    *,
    name_form: CircleForm | None = None,
    add_form: MemberForm | None = None,
    taken_out: Sequence[str | bool] | None = None,
) -> CirclePage:
    """One circle; a form that was refused is given, so that its page says why."""
    return CirclePage(
        circle=circle,
        members=_members(circle, owner),
        name_form=name_form or CircleForm(initial={"name": circle.name}),
        add_form=add_form or MemberForm(people=people_not_in(circle, owner)),
        taken_out=taken_out_of(circle, taken_out),
    )


def as_taken_out(former: Membership) -> tuple[str, str, str, bool]:
    """What a session keeps of a membership that has just ended, so that it can be put back."""
    circle, account = str(former.circle_id), str(former.account_id)
    return circle, account, former.added_at.isoformat(), former.from_now_on


def taken_out_of(circle: Circle, former: Sequence[str | bool] | None) -> Member | None:
    """The member whom a session remembers as removed from `circle`, if they are still here and not in it again."""
    if former is None or former[0] != str(circle.pk):
        return None
    _circle, account_id, added_at, from_now_on = former
    outside = Account.objects.filter(pk=str(account_id), is_active=True)
    account = outside.exclude(memberships__circle=circle).select_related("profile").first()
    if account is None:
        return None
    since = datetime.fromisoformat(str(added_at))
    return Member(account.pk, name_of(account), since, bool(from_now_on), has_past=False)


def people_not_in(circle: Circle, owner: Account) -> list[Account]:
    """The people whom `owner` may add to the circle."""
    others = people_to_choose_from(owner.pk).select_related("profile")
    outside = others.exclude(memberships__circle=circle)
    return list(outside.order_by("profile__name", "pk")[:LONGEST_LIST])


def _members(circle: Circle, owner: Account) -> list[Member]:
    letters = circle_history.shared_with(circle, by=owner)
    return [
        Member(
            id=one.account_id,
            name=name_of(one.account),
            since=one.added_at,
            from_now_on=one.from_now_on,
            has_past=any(letter.published_at < one.added_at for letter in letters),
        )
        for one in circles.memberships(circle)
    ]
