from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beside.access.models import Consent
from beside.photos.models import Photo
from beside.posts.models import Addendum, Post
from tests.cast import NOW, make_photo, make_post, make_sealed_photo
from tests.delivery.client import ask
from tests.web.browsing import (
    FORBIDDEN,
    page,
    url,
)


def test_whom_only_the_words_are_for_meets_the_letter_of_one_without_photographs(cast, post, visit):
    bare = make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.ines],
        words="The first passage.\n\nThe second passage.",
        note="",
        veiled=False,
    )
    Addendum.objects.create(
        post=bare, author=cast.tom, words="Said of it all.", added_at=NOW, added_on=NOW.date()
    )
    ines = visit("ines")

    found, expected = page(ines, "letter", post), page(ines, "letter", bare)

    assert found.replace(str(post.pk), "") == expected.replace(str(bare.pk), "")
    assert "Said of it all." in found


def test_whom_the_photographs_are_for_is_told_what_is_in_them_and_no_more(post, photos, visit):
    found = page(visit("nan"), "letter", post)

    assert "Three photographs" in found
    assert "from Rose and Tom" in found
    assert "The room, and his blanket." in found
    assert not [word for word in FORBIDDEN if word in found]
    assert not [photo for photo in photos if str(photo.pk) in found]
    assert "data-open" not in found


def test_a_folded_photographs_place_in_the_letter_leaves_no_trace(post, visit):
    found = page(visit("nan"), "letter", post)

    assert '<p dir="auto">The first passage.</p>\n<p dir="auto">The second passage.</p>' in found


def test_a_photograph_opens_where_its_author_put_it(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    found = page(nan, "letter", post)

    first, rest = found.split("The second passage.")
    assert first.count("<img") == 1
    assert rest.count("<img") == 2


def test_stepping_away_folds_what_the_visit_had_opened(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    nan.get(reverse("step_away"))

    assert "<img" not in page(nan, "letter", post)


def test_opening_the_page_keeps_the_visit_going(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))
    soon = timezone.now() + timedelta(minutes=5)
    Consent.objects.update(ends_at=soon)

    page(nan, "letter", post)

    assert set(Consent.objects.values_list("ends_at", flat=True)) != {soon}


@pytest.mark.parametrize("who", ["ada", "max", "marit", None])
def test_what_is_for_others_was_never_there(post, visit, who):
    never_was = visit(who).get(reverse("letter", args=[uuid.uuid4()]))

    answer = visit(who).get(url("letter", post))

    assert (answer.status_code, answer.content) == (404, never_was.content)
    assert sorted(answer.headers.items()) == sorted(never_was.headers.items())


@pytest.mark.parametrize("who", ["nan", "rose"])
def test_no_page_has_a_name_or_a_title_in_its_title(post, visit, who):
    for name in ("letter", "one_at_a_time", "before_you_look"):
        answer = visit(who).get(url(name, post), follow=True)
        title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
        assert title
        assert not re.search("Rose|Tom|March", title[1])


def test_a_letter_costs_as_many_queries_for_two_photographs_as_for_twenty(cast, visit):
    def queries(count: int) -> int:
        post = make_post(
            cast.rose,
            words_for=[cast.nan],
            photographs_for=[cast.nan],
            photos=[make_photo(cast.rose) for _ in range(count)],
        )
        nan = visit("nan")
        nan.post(url("consent", post))
        with CaptureQueriesContext(connection) as asked:
            assert page(nan, "letter", post).count("<img") == count
        return len(asked)

    assert queries(20) == queries(2)


def test_the_photographs_of_a_page_can_be_fetched_with_its_own_cookies(own_place, cast, visit):
    photo = make_sealed_photo(cast.rose)
    make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    nan = visit("nan")
    post = Post.objects.get()
    nan.post(url("consent", post))

    addresses = re.findall(r"/p/[\w-]+", page(nan, "letter", post))
    session = nan.session.session_key
    fetched = [ask(address, session=session).status for address in addresses]

    assert fetched == [200] * 5
    assert Photo.objects.count() == 1


def test_a_letter_of_three_headings_has_a_way_to_each_and_one_of_two_has_none(cast, visit):
    words = (
        "# The *day* & before\n\nOne.\n\n[photograph 1]\n\n# Tulips\n\nTwo.\n\n# After\n\nThree."
    )
    photo = make_photo(cast.rose, caption="# Behind the fold")
    long = make_post(cast.rose, words_for=[cast.ines], photos=[photo], words=words)
    short = make_post(cast.rose, words_for=[cast.ines], words=words.replace("# After", "After"))

    said = page(visit("ines"), "letter", long)

    contents = said.split('<nav aria-label="What’s in it">')[1].split("</nav>")[0]
    assert re.findall(r'href="#(.*?)" dir="auto">(.*?)<', contents) == [
        ("part-1", "The day &amp; before"),
        ("part-2", "Tulips"),
        ("part-3", "After"),
    ]
    assert re.findall(r'<h3 dir="auto" id="(.*?)">', said) == ["part-1", "part-2", "part-3"]
    assert "Behind the fold" not in said
    assert "What’s in it" not in page(visit("ines"), "letter", short)
