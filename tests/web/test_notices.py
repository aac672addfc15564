from __future__ import annotations

import re
from datetime import timedelta

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import accounts
from beside.posts import approvals, audiences, coauthors
from beside.posts.models import CoauthorInvitation, Post
from tests.cast import NOW, make_circle, make_post
from tests.web.browser import as_, page, post


def test_no_news(cast):
    assert "No news." in page(as_(cast.rose), "notices")


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
        at = NOW - timedelta(days=days_ago)
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


def test_news_names_the_only_other_author_who_can_have_taken_a_letter_back(cast):
    by_two = make_post(cast.rose, cast.tom, state=Post.State.TAKEN_BACK)
    by_three = make_post(cast.ada, cast.tom, cast.ines, state=Post.State.TAKEN_BACK)
    notices.tell(cast.rose.pk, Notice.Kind.TAKEN_BACK, about=by_two.pk, at=NOW)
    notices.tell(cast.ada.pk, Notice.Kind.TAKEN_BACK, about=by_three.pk, at=NOW)

    assert "was taken back by Tom." in news(cast.rose)
    assert "was taken back by one of its authors." in news(cast.ada)


def test_a_name_from_right_to_left_is_isolated_in_news(cast):
    accounts.describe(cast.tom, name="תום", words="", findable=False)
    letter = make_post(cast.tom, words_for=[cast.rose])
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)

    assert "written for you, by \u2068תום\u2069." in news(cast.rose)


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
