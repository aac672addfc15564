"""Compares what `beside.family.policy` answers with the plain rules, over one world."""

from __future__ import annotations

from django.db import transaction

from beside.access.policy import NOBODY, Viewer
from beside.family import policy
from beside.family.models import Family
from tests.cast import NOW
from tests.family import plain
from tests.family.worlds import FamilyWorld, lay_down


def hold_to_the_plain_rules(world: FamilyWorld) -> None:
    """Raise AssertionError where an answer differs from the plain one. Leaves no row behind."""
    with transaction.atomic():
        lay_down(world)
        family = Family.objects.get(pk=world.family.id)
        assert not policy.families_visible_to(NOBODY).exists()
        assert not policy.entries_visible_to(family, NOBODY, at=NOW)
        for person in world.people:
            viewer = Viewer(person.id)
            seen = set(policy.families_visible_to(viewer).values_list("pk", flat=True))
            expected = plain.sees_family(world, person, world.family)
            assert seen == ({world.family.id} if expected else set()), person.name
            entries = policy.entries_visible_to(family, viewer, at=NOW)
            assert {one.pk for one in entries} == {
                one.id for one in world.entries if plain.sees_entry(world, person, one)
            }, person.name
            shown = {one.pk for one in entries if one.post}
            assert shown == {
                one.id
                for one in world.entries
                if plain.sees_entry(world, person, one) and person in one.letter_readers
            }, person.name
            members = policy.members_visible_to(family, viewer)
            assert set(members.values_list("pk", flat=True)) == {
                one.id for one in world.members if plain.sees_member(world, person, one)
            }, person.name
        transaction.set_rollback(True)
