from __future__ import annotations

import re
from datetime import timedelta

from beside.notices import notices
from beside.notices.models import Notice
from tests.cast import NOW, make_post
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
