"""The rules of families once more, as docs/access.md says them, over plain objects. Letters are `tests.access.plain`'s to say."""

from __future__ import annotations

ONLY_US, PEOPLE, ANYONE = 0, 1, 2


def sees_family(world, me, family):
    if me is None:
        return False
    if me is family.keeper:
        return True
    return (
        not family.is_closed
        and family.keeper.is_active
        and not family.keeper.is_suspended
        and not me.is_suspended
        and not are_apart(world, me, family.keeper)
        and me in family.openers
        and (family.audience == ANYONE or (family.audience == PEOPLE and is_named(me, family)))
    )


def is_named(me, family):
    in_a_circle = any(
        me in circle.members
        and (me not in circle.from_now_on or circle.from_now_on[me] <= family.shared_at)
        for circle in family.circles
    )
    return me in family.people or in_a_circle


def sees_entry(world, me, entry):
    family = entry.family
    if not sees_family(world, me, family):
        return False
    return me is family.keeper or (
        not entry.is_put_away
        and not any(member.is_off for member in entry.members)
        and (not entry.of_letter or me in entry.letter_readers)
    )


def sees_member(world, me, member):
    return sees_family(world, me, member.family) and (
        me is member.family.keeper or not member.is_off
    )


def are_apart(world, one, other):
    return (one, other) in world.blocks or (other, one) in world.blocks
