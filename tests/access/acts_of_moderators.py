"""What moderators look at, close and open again, and what each of these acts means."""

from __future__ import annotations

from uuid import UUID

from beside.access import looks
from beside.access.policy import Viewer
from beside.moderation import looks as moderators_looks
from beside.moderation import reports
from beside.moderation.models import Report
from beside.moderation.reports import ReportText
from beside.photos.models import Photo
from beside.posts import suspensions
from tests.access.acts import Meant, act
from tests.access.acts_of_responses import Before
from tests.access.acts_on_posts import only
from tests.access.scenario import MODERATORS_SESSION, NEAR, SESSIONS, Scenario
from tests.access.worlds import Looking
from tests.responses import plain

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


@act(weight=2, needs=lambda scenario: scenario.find("response"))
def somebody_reports_a_response(scenario: Scenario) -> Meant:
    """Nothing changes. The moderator hears of it, unless they wrote it or it was written to them."""
    before = Before(scenario)
    able = [
        (who, one)
        for who in (*NEAR, "marit", None)
        for one in before.responses.values()
        if plain.can_be_reported(before.world, _looking(before, who), one)
    ]
    every = [(who, one) for who in NEAR for one in before.responses.values()]
    who, one = scenario.one(able if able and scenario.likely(0.8) else every)
    viewer = Viewer(scenario.acts(who).pk if who else None, SESSIONS.get(who))
    reports.send_about_response(one.id, ReportText("zq"), viewer=viewer, at=scenario.now)
    scenario.must(plain.can_be_reported(before.world, _looking(before, who), one))
    marit = before.person("marit")
    is_theirs = one.writer is marit or marit in plain.recipients(one)
    return Meant(tells=set() if is_theirs else {("marit", "a report waits", None)})


@act(weight=6, needs=lambda scenario: Report.objects.filter(response__isnull=False).exists())
def a_moderator_looks_at_a_response(scenario: Scenario) -> Meant:
    """The writer is told, and the authors who could read it already."""
    before = Before(scenario)
    report = scenario.one(Report.objects.filter(response__isnull=False).order_by("sent_at", "pk"))
    one = before.responses[report.response_id]
    by = scenario.acts("marit" if scenario.likely(0.9) else scenario.one(NEAR))
    session = MODERATORS_SESSION if by == scenario.cast.marit else "session-of-nan"
    moderators_looks.look_at_response(
        report.pk, reason="zq", by=by, session=session, at=scenario.now
    )
    marit = before.person("marit")
    scenario.must(scenario.by == "marit" and one.writer is not marit)
    recipients = plain.recipients(one)
    scenario.must(marit not in recipients and one.state not in ("declined", "sealed"))
    called, kind = scenario.called, "a moderator read a response"
    told = {one.writer} | {
        person
        for person in recipients
        if plain.is_passed_on_but_for_quiet_days(before.world, person, one)
    }
    return Meant(tells={(called[who.id], kind, called[one.id]) for who in told if who})


def _looking(before: Before, who: str | None) -> Looking:
    return Looking(before.person(who) if who else None, SESSIONS.get(who))
