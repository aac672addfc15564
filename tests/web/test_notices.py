from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import account_closures, accounts
from beside.people.models import Block
from beside.posts import approvals, audiences, coauthors, share_links, taking_back
from beside.posts.models import CoauthorInvitation, Post
from beside.posts.share_links import Terms
from tests.cast import NOW, make_circle, make_post
from tests.web.browser import as_, page, post


def test_no_news(cast):
    assert "No news." in page(as_(cast.rose), "notices")


@pytest.mark.thorough
def test_the_dot_ends_with_looking_and_the_lines_when_they_are_put_away(cast):
    letter = make_post(cast.tom, words_for=[cast.rose])
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)
    rose = as_(cast.rose)
    assert "(something new)" in page(rose, "you")

    text = page(rose, "notices")

    assert "Something was written for you</a>, by Tom." in text
    assert "(something new)" not in page(rose, "you")
    assert "by Tom" in page(rose, "notices")
    post(rose, "clear_notices")
    assert "No news." in page(rose, "notices")


def test_news_of_what_is_not_to_be_seen_any_more_says_nothing(cast):
    letter = make_post(cast.tom, words_for=[cast.rose], title="A title")
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)
    letter.grants.all().delete()

    text = page(as_(cast.rose), "notices")

    assert "Tom" not in text
    assert "No news." in text


def test_news_stands_under_its_day(cast):
    for days_ago in (0, 1, 5):
        at = timezone.now() - timedelta(days=days_ago)
        notices.tell(cast.rose.pk, Notice.Kind.SIGNED_IN, at=at)
        notices.mark_read(cast.rose.pk, at=at)

    headings = re.findall("<h2>(.*?)</h2>", page(as_(cast.rose), "notices"))

    assert headings == ["Today", "Yesterday", "Earlier"]


def news(account) -> str:
    """What News says, without its tags."""
    return " ".join(re.sub("<[^>]*>", "", page(as_(account), "notices")).split())


def test_news_names_who_asks_and_who_would_rather_not(cast):
    make_circle(cast.rose, of=[cast.nan])
    letter = make_post(cast.rose, cast.tom)
    coauthors.invite(letter, cast.nan, message="", by=cast.rose, at=NOW)

    assert "Rose asks you something about a letter of yours." in news(cast.tom)

    invitation = CoauthorInvitation.objects.get()
    coauthors.approve_invitation(invitation, by=cast.tom, at=NOW)
    coauthors.decline(invitation, by=cast.nan, at=NOW)
    assert "Nan would rather not write with you: a letter of yours." in news(cast.rose)


def test_news_names_the_author_who_asks_to_publish(cast):
    letter = make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words_for=[cast.nan])
    approvals.request_approval(
        letter, audiences.chosen(letter), publishes=True, message="", by=cast.tom, at=NOW
    )

    assert "Tom asks you something about a letter of yours." in news(cast.rose)


def test_news_names_which_of_three_took_a_letter_back_left_or_came(cast, data):
    letter = make_post(cast.rose, cast.tom, cast.ada)
    make_circle(cast.rose, of=[cast.nan])
    coauthors.invite(letter, cast.nan, message="", by=cast.rose, at=NOW)
    invitation = CoauthorInvitation.objects.get()
    for author in (cast.tom, cast.ada):
        coauthors.approve_invitation(invitation, by=author, at=NOW)
    coauthors.accept(invitation, by=cast.nan, at=NOW)
    coauthors.step_out(letter, by=cast.ada, at=NOW)
    taking_back.take_back(letter, by=cast.tom, at=NOW)

    told = news(cast.rose)

    assert "Nan is now an author of a letter of yours." in told
    assert "Ada has left a letter of yours." in told
    assert "was taken back by Tom." in told


@pytest.mark.thorough
def test_two_who_left_are_both_named(cast):
    letter = make_post(cast.rose, cast.tom, cast.ada)
    for author in (cast.ada, cast.tom):
        coauthors.step_out(letter, by=author, at=NOW)

    assert "Ada has left" in news(cast.rose)
    assert "Tom has left" in news(cast.rose)


@pytest.mark.parametrize("blocker", ["rose", "tom"])
def test_news_names_nobody_across_a_block(cast, blocker):
    letter = make_post(cast.rose, cast.tom, cast.ada)
    coauthors.step_out(letter, by=cast.tom, at=NOW)
    other = cast.tom if blocker == "rose" else cast.rose
    Block.objects.create(blocker=getattr(cast, blocker), blocked=other, at=NOW)

    told = news(cast.rose)

    assert "One of the authors has left a letter of yours." in told
    assert "Tom" not in told


def test_news_names_nobody_who_has_left_this_place(cast):
    letter = make_post(cast.rose, cast.tom, cast.ada)
    coauthors.step_out(letter, by=cast.tom, at=NOW)
    rose = as_(cast.rose)
    post(rose, "clear_notices")
    account_closures.delete(cast.tom, at=NOW)

    post(rose, "clear_notices", do="undo")

    assert "One of the authors has left a letter of yours." in news(cast.rose)


@pytest.mark.thorough
def test_what_is_brought_back_still_names_who_did_it(cast):
    letter = make_post(cast.rose, cast.tom, cast.ada)
    coauthors.step_out(letter, by=cast.tom, at=NOW)
    rose = as_(cast.rose)
    post(rose, "clear_notices")
    assert "Tom" not in news(cast.rose)

    post(rose, "clear_notices", do="undo")

    assert "Tom has left a letter of yours." in news(cast.rose)


def test_news_names_who_wrote_something_for_one_and_whose_link_waits(cast):
    letter = make_post(cast.rose)
    draft = make_post(cast.rose, state=Post.State.DRAFT)
    terms = Terms(name="Lars")
    link, _secret = share_links.make(letter, terms, by=cast.rose, at=NOW)
    notices.tell(cast.rose.pk, Notice.Kind.GHOSTWRITTEN, about=draft.pk, actor=cast.ada.pk, at=NOW)
    notices.tell(cast.rose.pk, Notice.Kind.SECOND_DEVICE, about=link.pk, at=NOW)

    told = news(cast.rose)

    assert "Ada has written something for you to continue:" in told
    assert "the link that you made for Lars." in told


def test_a_name_from_right_to_left_is_isolated_in_news(cast):
    accounts.describe(cast.tom, name="תום", words="")
    letter = make_post(cast.tom, words_for=[cast.rose])
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)

    assert "written for you, by \u2068תום\u2069." in news(cast.rose)


@pytest.mark.thorough
def test_what_was_cleared_can_be_brought_back_once(cast):
    letter = make_post(cast.tom, words_for=[cast.rose])
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)
    rose = as_(cast.rose)
    post(rose, "clear_notices")
    assert "Bring back what you cleared" in page(rose, "notices")

    post(rose, "clear_notices", do="undo")
    post(rose, "clear_notices", do="undo")

    assert page(rose, "notices").count("Something was written for you") == 1
    assert "Bring back what you cleared" not in page(rose, "notices")
    assert "(something new)" not in page(rose, "you")


def test_news_that_were_read_wait_for_nobody_who_writes(cast):
    notices.tell(cast.rose.pk, Notice.Kind.SIGNED_IN, at=NOW)
    rose = as_(cast.rose)
    page(rose, "notices")

    with CaptureQueriesContext(connection) as asked:
        page(rose, "notices")

    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
