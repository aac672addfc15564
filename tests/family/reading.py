"""Families as the rows say them, held to the plain rules over a world of `tests.access`."""

from __future__ import annotations

from datetime import datetime

from beside.access.policy import Viewer
from beside.family import policy
from beside.family.models import Family, FamilyGrant, FamilyMember, TimelineEntry
from tests.access import plain as access
from tests.access.worlds import Looking, World
from tests.family import plain
from tests.family.worlds import AFamily, AMember, AnEntry, FamilyWorld


def compare(world: World, *, at: datetime, turn: int) -> None:
    """Raise AssertionError where somebody sees a family otherwise; asked for one person each `turn`."""
    people = {one.id: one for one in world.people}
    me = world.people[turn % len(world.people)]
    for row in Family.objects.all():
        found = _world(world, row, people, me)
        expected = plain.sees_family(found, me, found.family)
        seen = policy.families_visible_to(Viewer(me.id)).filter(pk=row.pk).exists()
        assert seen == expected, (me, row.keeper)
        entries = policy.entries_visible_to(row, Viewer(me.id), at=at)
        assert {one.pk for one in entries} == {
            one.id for one in found.entries if plain.sees_entry(found, me, one)
        }
        members = policy.members_visible_to(row, Viewer(me.id))
        assert set(members.values_list("pk", flat=True)) == {
            one.id for one in found.members if plain.sees_member(found, me, one)
        }


def _world(world: World, row: Family, people, me) -> FamilyWorld:
    circles = {one.id: one for one in world.circles}
    grants = list(FamilyGrant.objects.filter(family=row).values_list("account", "circle"))
    keeper = people[row.keeper_id]
    family = AFamily(
        keeper,
        row.audience,
        {people[account] for account, _ in grants if account},
        [circles[circle] for _, circle in grants if circle],
        is_closed=row.closed_at is not None,
        openers={me} if access.may_open_page(world, me, keeper) else set(),
        shared_at=row.shared_at,
        id=row.pk,
    )
    rows = FamilyMember.objects.filter(family=row)
    members = {one.pk: AMember(family, one.taken_off_at is not None, one.pk) for one in rows}
    entries = TimelineEntry.objects.filter(family=row).prefetch_related("members")
    posts = {post.id: post for post in world.posts}
    return FamilyWorld(
        list(world.people),
        world.blocks,
        family,
        list(members.values()),
        [
            AnEntry(
                family,
                {members[member.pk] for member in one.members.all()},
                is_put_away=one.put_away_at is not None,
                of_letter=one.of_letter,
                letter_for=None,
                letter_is_closed=False,
                letter_readers=_readers(world, me, posts.get(one.post_id)),
                id=one.pk,
            )
            for one in entries
        ],
    )


def _readers(world: World, me, post) -> set:
    reads = post is not None and access.sight(world, Looking(me, None), post) > access.NOTHING
    return {me} if reads else set()
