"""What moderators look at, close and open again, and what each of these acts means."""

from __future__ import annotations

from uuid import UUID

from beside.access import looks
from beside.access.policy import Viewer
from beside.photos.models import Photo
from beside.posts import suspensions
from tests.access.acts import Meant, act
from tests.access.acts_on_posts import only
from tests.access.scenario import MODERATORS_SESSION, Scenario

SUSPENDED = "post suspended"
REPORT = UUID("00000000-0000-4000-8000-00000000aaaa")


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


@act(weight=2)
def a_moderator_looks(scenario: Scenario) -> Meant:
    """At the words, or at a photograph in the letter. Nobody but the moderator sees more, and the authors are told."""
    post = scenario.a_post()
    lying = [None, *Photo.objects.filter(placed__post=scenario.posts[post]).order_by("pk")]
    photo = scenario.one(lying[:2]) if scenario.likely(0.5) else None
    looks.begin(
        Viewer(scenario.acts("marit").pk, MODERATORS_SESSION),
        scenario.posts[post].pk,
        photo and photo.pk,
        report=REPORT,
        reason="zq",
        at=scenario.now,
    )
    scenario.must(scenario.is_published(post))
    tells = {(one, "a moderator has looked", post) for one in scenario.authors(post)}
    return Meant(may_grow=lambda who, grown: who == "marit" and grown == post, tells=tells)
