from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import quiet_days
from beside.people.models import Profile
from beside.people.quiet_days import HowLong
from beside.posts import approvals, audiences, coauthors
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_post

pytestmark = pytest.mark.usefixtures("own_place")
RESTS = "Tom is having quiet days. It can wait."


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response):
    return response.content.decode()


@pytest.fixture
def draft(cast):
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words_for=Audience.ANYONE)


def test_news_is_not_marked_and_waits(cast):
    notices.tell(cast.tom.pk, Notice.Kind.SIGNED_IN, at=NOW)
    tom = browser(cast.tom)
    marked = tom.get(reverse("you")).context["news"]

    tom.post(reverse("quiet_days"), {"how_long": "week"})

    assert marked
    assert not tom.get(reverse("you")).context["news"]
    news = said_by(tom.get(reverse("notices")))
    assert "You’re having quiet days until" in news
    assert "a device that wasn’t known here before" in news


def test_they_are_ended_at_one_press(cast):
    tom = browser(cast.tom)
    tom.post(reverse("quiet_days"), {"how_long": "until I say"})
    page = said_by(tom.get(reverse("quiet_days")))

    tom.post(reverse("quiet_days"), {"do": "end"})

    assert "until you end them" in page
    assert quiet_days.until(cast.tom, at=timezone.now()) is None


def test_an_answer_that_is_no_length_begins_nothing(cast):
    tom = browser(cast.tom)

    page = said_by(tom.post(reverse("quiet_days"), {"how_long": "for ever"}))

    assert "Begin quiet days" in page
    assert Profile.objects.get(account=cast.tom).paused_until is None


def test_whoever_waits_for_a_yes_reads_that_it_waits(cast, draft):
    want = audiences.chosen(draft)
    approvals.request_approval(
        draft, want, publishes=True, message="", by=cast.rose, at=timezone.now()
    )
    quiet_days.begin(cast.tom, HowLong.WEEK, at=timezone.now())
    page = reverse("letter", args=[draft.pk])

    assert RESTS in said_by(browser(cast.rose).get(page))
    assert RESTS not in said_by(browser(cast.tom).get(page))


def test_it_is_said_where_somebody_further_is_asked_for(cast, draft):
    coauthors.invite(draft, cast.nan, message="", by=cast.rose, at=NOW)
    quiet_days.begin(cast.tom, HowLong.WEEK, at=timezone.now())

    assert RESTS in said_by(browser(cast.rose).get(reverse("coauthors", args=[draft.pk])))


def test_where_no_yes_is_waited_for_nobody_reads_of_it(cast, draft):
    quiet_days.begin(cast.tom, HowLong.WEEK, at=timezone.now())

    for name in ("letter", "coauthors"):
        assert "quiet days" not in said_by(browser(cast.rose).get(reverse(name, args=[draft.pk])))


def test_a_question_lapses_all_the_same(cast, draft):
    want = audiences.chosen(draft)
    asked = approvals.request_approval(
        draft, want, publishes=True, message="", by=cast.rose, at=NOW
    )
    quiet_days.begin(cast.tom, HowLong.MONTH, at=NOW)

    approvals.run_due(asked.lapses_at)

    draft.refresh_from_db()
    assert draft.state == Post.State.DRAFT
