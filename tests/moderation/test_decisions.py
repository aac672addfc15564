from __future__ import annotations

import pytest
from django.utils import timezone

from beside.access.policy import NothingToSee, Viewer, see
from beside.moderation import appeals, decisions, reports
from beside.moderation.appeals import NotSuspended
from beside.moderation.decisions import AlreadyDecided
from beside.moderation.models import Appeal, Report
from beside.moderation.reports import NoSuchReport, ReportText
from beside.people import moderators
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.people.suspensions import HostCannotBeSuspended
from beside.photos.models import Photo
from beside.posts.models import Audience, Post
from tests.at_once import at_once
from tests.cast import NOW, make_cast, make_photo, make_post

WHY = "It names a child."


def reported(cast, *authors) -> Report:
    post = make_post(
        *(authors or (cast.rose,)), words_for=Audience.ANYONE, photos=[make_photo(cast.rose)]
    )
    viewer = Viewer(cast.nan.pk)
    seen = see(viewer, post.pk, at=timezone.now())
    return reports.send_about_letter(seen, None, ReportText("My child."), viewer=viewer, at=NOW)


@pytest.fixture
def report(cast) -> Report:
    return reported(cast)


def outcome(report) -> str:
    return Report.objects.get(pk=report.pk).outcome


def test_a_letter_is_closed_and_opened_again_and_nothing_is_deleted(cast, report):
    decisions.close_letter(report.pk, because=WHY, by=cast.marit, at=NOW)

    with pytest.raises(NothingToSee):
        see(Viewer(cast.nan.pk), report.post_id, at=timezone.now())
    assert outcome(report) == Report.Outcome.LETTER_CLOSED
    assert (Post.objects.count(), Photo.objects.count()) == (1, 1)
    decisions.open_letter(report.post_id, by=cast.marit, at=NOW)
    assert see(Viewer(cast.nan.pk), report.post_id, at=timezone.now())


def test_a_place_is_closed_and_opened_again(cast, report):
    decisions.close_place(report.pk, cast.rose.pk, because=WHY, by=cast.marit, at=NOW)
    closed = Account.objects.get(pk=cast.rose.pk)

    decisions.open_place(cast.rose.pk, by=cast.marit)

    assert (closed.suspended_at, closed.suspended_because) == (NOW, WHY)
    assert Account.objects.get(pk=cast.rose.pk).suspended_at is None
    assert outcome(report) == Report.Outcome.PLACE_CLOSED


def test_only_people_whom_a_report_is_about_can_be_closed_by_it(cast, report):
    with pytest.raises(NoSuchReport):
        decisions.close_place(report.pk, cast.tom.pk, because=WHY, by=cast.marit, at=NOW)


def test_the_hosts_place_stays_open(cast):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)
    report = reported(cast, cast.marit)

    with pytest.raises(HostCannotBeSuspended):
        decisions.close_place(report.pk, cast.marit.pk, because=WHY, by=cast.ines, at=NOW)
    assert outcome(report) == ""


def test_nobody_decides_who_is_no_moderator_or_whom_it_is_about(cast):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    about_ines = reported(cast, cast.ines)
    with pytest.raises(NotAModerator):
        decisions.leave(about_ines.pk, by=cast.ines, at=NOW)
    moderators.accept(cast.ines, at=NOW)

    with pytest.raises(NoSuchReport):
        decisions.leave(about_ines.pk, by=cast.ines, at=NOW)
    decisions.close_letter(about_ines.pk, because=WHY, by=cast.marit, at=NOW)
    with pytest.raises(NotAModerator):
        decisions.open_letter(about_ines.post_id, by=cast.ines, at=NOW)
    for act in (decisions.open_place, decisions.open_address):
        with pytest.raises(NotAModerator):
            act(cast.rose.pk, by=cast.rose)


def test_a_report_is_decided_once(cast, report):
    decisions.leave(report.pk, by=cast.marit, at=NOW)

    with pytest.raises(AlreadyDecided):
        decisions.close_letter(report.pk, because=WHY, by=cast.marit, at=NOW)
    assert outcome(report) == Report.Outcome.LEFT
    assert Post.objects.get().suspended_at is None


def test_whoever_is_suspended_appeals_and_is_answered(cast, report):
    decisions.close_place(report.pk, cast.rose.pk, because=WHY, by=cast.marit, at=NOW)
    rose = Account.objects.get(pk=cast.rose.pk)
    appeals.send(rose, None, "It wasn’t me.", at=NOW)
    appeals.send(rose, None, "It wasn’t me at all.", at=NOW)
    waiting = list(appeals.waiting_for(cast.marit))

    decisions.decline_appeal(waiting[0].pk, by=cast.marit, at=NOW)

    assert [one.words for one in waiting] == ["It wasn’t me at all."]
    assert not appeals.waiting_for(cast.marit).exists()
    with pytest.raises(AlreadyDecided):
        decisions.decline_appeal(waiting[0].pk, by=cast.marit, at=NOW)
    decisions.open_place(cast.rose.pk, by=cast.marit)
    assert not Appeal.objects.exists()


def test_there_is_no_appeal_against_nothing(cast, report):
    with pytest.raises(NotSuspended):
        appeals.send(cast.rose, None, "What?", at=NOW)
    with pytest.raises(NotSuspended):
        appeals.send(cast.rose, report.post, "What?", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_decide_at_once_and_one_of_them_counts():
    cast = make_cast()
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)
    report = reported(cast)

    outcome_of_both = at_once(
        lambda: decisions.leave(report.pk, by=cast.ines, at=NOW),
        lambda: decisions.close_letter(report.pk, because=WHY, by=cast.marit, at=NOW),
    )

    assert outcome_of_both.raised() == [AlreadyDecided]
    is_closed = Post.objects.get().suspended_at is not None
    assert (outcome(report) == Report.Outcome.LETTER_CLOSED) == is_closed
