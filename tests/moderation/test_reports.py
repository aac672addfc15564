from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from beside.access.policy import NothingToSee, Viewer, see
from beside.moderation import reports
from beside.moderation.models import Report
from beside.moderation.reports import KEPT_FOR, NoSuchReport, ReportText
from beside.notices.models import Notice
from beside.people import moderators
from beside.people.moderators import NotAModerator
from beside.posts.models import Audience
from tests.cast import NOW, make_photo, make_post

SAID = ReportText("This is about my child.")


@pytest.fixture
def post(cast):
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=[cast.nan],
        photos=[make_photo(cast.rose)],
    )


def report(post, account, photo=None):
    viewer = Viewer(account.pk)
    seen = see(viewer, post.pk, at=timezone.now())
    return reports.send_about_letter(seen, photo, SAID, viewer=viewer, at=NOW)


def name_ines(cast):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)


def test_it_waits_for_each_moderator_and_changes_nothing(cast, post):
    name_ines(cast)

    sent = report(post, cast.nan)

    for moderator in (cast.marit, cast.ines):
        assert list(reports.waiting_for(moderator)) == [sent]
        assert Notice.objects.filter(recipient=moderator, kind=Notice.Kind.REPORTED).exists()
    assert see(Viewer(cast.tom.pk), post.pk, at=timezone.now())
    assert not Notice.objects.filter(recipient=cast.rose).exists()


def test_nobody_whom_it_is_about_reads_it_even_as_a_moderator(cast):
    name_ines(cast)
    post = make_post(cast.ines, words_for=Audience.ANYONE)

    sent = report(post, cast.nan)
    post.authorships.all().delete()

    assert not reports.waiting_for(cast.ines).exists()
    with pytest.raises(NoSuchReport):
        reports.get(sent.pk, by=cast.ines)
    assert not Notice.objects.filter(recipient=cast.ines).exists()
    assert reports.get(sent.pk, by=cast.marit) == sent


def test_nobody_else_reads_it(cast, post):
    sent = report(post, cast.nan)

    for other in (cast.rose, cast.nan, cast.tom):
        with pytest.raises(NotAModerator):
            reports.get(sent.pk, by=other)


def test_a_photograph_is_reported_by_whoever_may_see_that_it_is_there(cast, post):
    photo = post.placed.get().photo_id

    assert report(post, cast.nan, photo).kind == Report.Kind.PHOTOGRAPH
    with pytest.raises(NothingToSee):
        report(post, cast.tom, photo)


def test_a_person_is_reported_by_whoever_may_open_their_page(cast, post):
    sent = reports.send_about_person(cast.rose.pk, SAID, viewer=Viewer(cast.tom.pk), at=NOW)

    assert list(sent.about.all()) == [cast.rose]
    with pytest.raises(NothingToSee):
        reports.send_about_person(cast.max.pk, SAID, viewer=Viewer(cast.tom.pk), at=NOW)


def test_whoever_has_an_account_needs_no_name_and_a_visitor_may_leave_one(cast):
    open_to_all = make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False)
    said = ReportText("This is about my child.", "Eve", "eve@home.example")
    seen = see(Viewer(), open_to_all.pk, at=timezone.now())

    by_visitor = reports.send_about_letter(seen, None, said, viewer=Viewer(), at=NOW)
    viewer = Viewer(cast.nan.pk)
    by_nan = reports.send_about_letter(seen, None, said, viewer=viewer, at=NOW)

    assert (by_visitor.name, by_visitor.address) == ("Eve", "eve@home.example")
    assert (by_nan.name, by_nan.address, by_nan.reporter) == ("", "", cast.nan)


def test_old_ones_are_deleted_once_they_are_decided(cast, post):
    waiting, decided = report(post, cast.nan), report(post, cast.nan)
    Report.objects.filter(pk=decided.pk).update(decided_at=NOW, outcome=Report.Outcome.LEFT)

    reports.run_due(NOW + KEPT_FOR - timedelta(days=1))
    both = Report.objects.count()
    reports.run_due(NOW + KEPT_FOR)

    assert both == 2
    assert list(Report.objects.all()) == [waiting]
