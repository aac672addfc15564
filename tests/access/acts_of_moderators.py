"""What moderators close and open again, and what each of these acts means."""

from __future__ import annotations

from beside.posts import suspensions
from tests.access.acts import Meant, act
from tests.access.acts_on_posts import only
from tests.access.scenario import Scenario

SUSPENDED = "post suspended"


@act(weight=1)
def a_moderator_suspends_a_letter(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    scenario.acts("marit")
    suspensions.suspend(scenario.posts[post].pk, because="", at=scenario.now)
    if scenario.find("suspended", post):
        return Meant()
    tells = {(one, "the moderators closed a letter", post) for one in scenario.authors(post)}
    return Meant({("suspended", post)}, records=[(SUSPENDED, post)], tells=tells)


@act(weight=2, needs=lambda scenario: scenario.find("suspended"))
def a_moderator_lifts_a_suspension(scenario: Scenario) -> Meant:
    """Those see it again for whom its authors have it now."""
    _suspended, post = scenario.find_one("suspended")
    scenario.acts("marit")
    suspensions.lift(scenario.posts[post].pk, at=scenario.now)
    tells = {(one, "the moderators opened it again", post) for one in scenario.authors(post)}
    return Meant(
        ends={("suspended", post)},
        may_grow=only(post),
        forgets={(SUSPENDED, post)},
        tells=tells,
    )
