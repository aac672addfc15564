from __future__ import annotations

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.posts import approvals, audiences, closing, destroying, taking_back
from beside.posts.models import Audience
from tests.cast import NOW, make_circle, make_photo, make_post
from tests.web.browsing import make_draft


def page_of(client) -> str:
    return client.get(reverse("letters")).content.decode()


def section(page: str, heading: str) -> str:
    """The part of the page under this heading, in one line."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}">(.*?)</section>', page, re.S)
    return " ".join(found[1].split()) if found else ""


def test_each_letter_is_listed_where_it_is_and_nobody_elses(rose, cast, data):
    make_draft(cast.rose, title="A draft")
    make_draft(cast.tom, title="His")
    make_post(cast.rose, cast.tom, title="Shown")
    closing.close(make_post(cast.rose, title="Shut"), by=cast.rose, at=NOW)
    taking_back.take_back(make_post(cast.rose, title="Back"), by=cast.rose, at=NOW)

    page = page_of(rose)

    assert "A draft" in section(page, "drafts")
    assert "Shown" in section(page, "published")
    assert "With Tom." in section(page, "published")
    assert "Shut" in section(page, "closed")
    assert "Only you can see it" in section(page, "closed")
    assert "Back" in section(page, "taken-back")
    assert "His" not in page


def test_a_published_letter_says_who_it_is_for(rose, cast):
    family = make_circle(cast.rose)
    make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=[family, cast.nan], title="One")

    said = section(page_of(rose), "published")

    assert "Words: Everyone signed in here. Photographs: Family and Nan" in said


def test_a_letter_that_waits_for_a_yes_is_listed_once_with_who_was_asked(rose, cast):
    post = make_post(cast.rose, cast.tom, state="draft", title="His birthday")
    approvals.request_approval(
        post, audiences.chosen(post), publishes=True, message="", by=cast.rose, at=NOW
    )

    page = page_of(rose)

    assert "You asked Tom on" in section(page, "waiting")
    assert page.count("His birthday") == 1


def test_a_letter_that_will_be_destroyed_says_when(rose, cast):
    post = make_post(cast.rose, title="Gone soon")
    destroying.ask_for_post(post, by=cast.rose, at=NOW)

    assert "It will be destroyed on" in section(page_of(rose), "closed")


def test_another_authors_circle_has_no_name_here(rose, cast):
    make_post(cast.rose, cast.tom, words_for=[make_circle(cast.tom, "Tom’s friends")])

    page = page_of(rose)

    assert "Tom’s friends" not in page
    assert "another author’s circle" in page


def test_somebody_without_letters_is_told_that_there_is_no_hurry(rose):
    assert "no hurry" in page_of(rose)


def test_many_letters_cost_no_more_queries_than_a_few(rose, cast):
    def write() -> None:
        circle = make_circle(cast.rose, f"Circle {len(cast.rose.circles.all())}")
        make_post(cast.rose, cast.tom, words_for=[circle, cast.nan], photos=[make_photo(cast.rose)])

    write()
    with CaptureQueriesContext(connection) as few:
        page_of(rose)
    for _ in range(5):
        write()
    with CaptureQueriesContext(connection) as many:
        page_of(rose)

    assert len(many) == len(few)


def test_a_name_in_it_is_escaped(rose, cast):
    make_draft(cast.rose, title="<b>bold</b>")

    assert "<b>bold</b>" not in page_of(rose)
