"""Compares what `beside.thanks.policy` answers with the plain rules, over one world."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from beside.thanks import policy
from tests.cast import NOW
from tests.thanks import plain
from tests.thanks.worlds import NoteWorld, lay_down


def hold_to_the_plain_rules(world: NoteWorld) -> None:
    """Raise AssertionError where an answer differs from the plain one. Leaves no row behind."""
    with transaction.atomic():
        accounts = lay_down(world)
        assert _ids(policy.openable(NOW)) == {one.id for one in world.notes if plain.opens(one)}
        for person in world.people:
            account = accounts[person.id]
            waiting = {one.id for one in world.notes if plain.hands_over(world, person, one)}
            assert _ids(policy.with_the_team(account)) == waiting
            # The host of the tests' cast may be there too.
            team = _ids(policy.team_of(account)) & set(accounts)
            assert team == {one.id for one in plain.team_of(world, person)}
        transaction.set_rollback(True)


def _ids(rows: QuerySet[Model]) -> set[UUID]:
    return set(rows.values_list("pk", flat=True))
