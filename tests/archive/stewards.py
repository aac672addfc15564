"""Stewards who have signed and, if asked for, have asked to act: at `LATER` they may."""

from __future__ import annotations

from beside.people import delegations
from beside.people.delegations import HandsOver, Role
from beside.people.models import Delegation
from tests.cast import NOW

LATER = NOW + delegations.TERM


def for_after(author, delegate, hands_over=HandsOver.SHOWN, *, asks: bool = True) -> Delegation:
    delegations.offer(author, delegate, Role.STEWARD, message="", hands_over=hands_over, at=NOW)
    one = Delegation.objects.get(author=author, delegate=delegate, role=Role.STEWARD)
    delegations.sign(one.pk, by=delegate, at=NOW)
    if asks:
        delegations.ask_to_act(one.pk, by=delegate, at=NOW)
    return one
