from __future__ import annotations

import pytest
from django.utils import timezone

from beside.access import trail
from beside.access.policy import Viewer, see
from beside.moderation import appeals, decisions, reports
from beside.moderation.reports import ReportText
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import follows, moderators
from beside.people import suspensions as people
from beside.people.models import Account
from beside.posts import suspensions as letters
from beside.posts.models import Audience
from beside.responses import queue
from tests.cast import NOW, make_photo, make_post
from tests.e2e.page_checks import is_well_made
from tests.responses.builders import reads_first, respond, take_responses

pytestmark = pytest.mark.usefixtures("data")
WHY = "It names a child whose parents have asked you not to."


@pytest.fixture
def place(cast):
    """Two reports and an appeal wait, and a letter, a place and an address are closed."""
    post, closed = (
        make_post(author, words_for=Audience.ANYONE, photos=[make_photo(author)])
        for author in (cast.rose, cast.tom)
    )
    viewer = Viewer(cast.nan.pk)
    seen = see(viewer, post.pk, at=timezone.now())
    said = ReportText("These are my child’s hands, and nobody asked us.")
    report = reports.send_about_letter(seen, None, said, viewer=viewer, at=NOW)
    reports.send_about_person(cast.tom.pk, said, viewer=viewer, at=NOW)
    letters.suspend(closed.pk, because=WHY, at=NOW)
    people.suspend(cast.ada.pk, because=WHY, at=NOW)
    reason = "Somebody says that it shows their child."
    trail.append(
        moderator=cast.marit.pk, report=report.pk, post=post.pk, photo=None, reason=reason, at=NOW
    )
    notices.tell(cast.rose.pk, Notice.Kind.LOOKED, about=post.pk, at=NOW)
    decisions.close_address("eve@home.example", because="Ten accounts.", by=cast.marit, at=NOW)
    appeals.send(Account.objects.get(pk=cast.ada.pk), None, "It wasn’t me.", at=NOW)
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    follows.ask(cast.nan, cast.marit, at=NOW)
    follows.accept(cast.marit, cast.nan.pk, at=NOW)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    held = respond(post, cast.nan, "You should have known.", at=timezone.now())
    queue.take_next(cast.ines, at=timezone.now())
    of_response = reports.send_about_response(
        held.pk, said, viewer=Viewer(cast.ines.pk), at=timezone.now()
    )
    trail.append(moderator=cast.marit.pk, report=report.pk, response=held.pk, reason=reason, at=NOW)
    return {
        "post": post.pk,
        "closed": closed.pk,
        "report": report.pk,
        "rose": cast.rose.pk,
        "response": held.pk,
        "of_response": of_response.pk,
    }


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("nan", "/posts/{post}/report/"),
        ("nan", "/people/{rose}/report/"),
        ("marit", "/reports/"),
        ("marit", "/reports/{report}/"),
        ("marit", "/reports/closed/"),
        ("marit", "/host/"),
        ("marit", "/host/team/"),
        ("ines", "/you/moderating/"),
        ("ada", "/closed/"),
        ("tom", "/posts/{closed}/closed/"),
        ("tom", "/posts/{closed}/"),
        ("rose", "/posts/{post}/looked/"),
        ("rose", "/news/"),
        ("ines", "/responses/{response}/report/"),
        ("nan", "/responses/{response}/looked/"),
        ("marit", "/reports/{of_response}/"),
    ],
)
def test_every_page_about_reports_is_well_made(page, sign_in, cast, place, who, address):
    sign_in(page, cast[who])

    page.goto(address.format(**place))

    assert page.locator("h1").count() == 1
    is_well_made(page)


def test_a_report_is_sent_and_decided_without_a_script(open_page, sign_in, cast, place):
    nan, marit = (open_page(java_script_enabled=False) for _ in range(2))
    sign_in(nan, cast.nan)
    sign_in(marit, cast.marit)

    nan.goto(f"/posts/{place['post']}/")
    nan.get_by_role("link", name="Report this letter").click()
    nan.get_by_label("What is wrong?").fill("Please look at this.")
    nan.get_by_role("button", name="Send it").click()
    marit.goto(f"/reports/{place['report']}/")
    marit.get_by_label("Why?").fill(WHY)
    marit.get_by_role("button", name="Close the letter").click()

    assert nan.get_by_text("It’s with the people who look after this place.").is_visible()
    nan.goto(f"/posts/{place['post']}/")
    assert nan.get_by_role("heading", level=1).inner_text() != "The fourteenth of March"
