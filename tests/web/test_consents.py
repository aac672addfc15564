from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from beside.access.models import Consent
from beside.people.models import Session
from beside.posts.models import Audience, Post
from tests.cast import make_post
from tests.web.browsing import (
    FORBIDDEN,
    page,
    url,
)


def test_before_you_look_says_what_is_in_them_and_what_is_not(post, visit):
    found = page(visit("nan"), "before_you_look", post)

    assert "The room, and his blanket." in found
    assert "Show me all three" in found
    assert re.search(r"In them.*A hospital.*Not in them.*Blood", found, re.DOTALL)
    assert not [word for word in FORBIDDEN if word in found]
    assert "Nobody is told whether you looked." in found


def test_what_was_not_ticked_is_not_claimed_to_be_absent(post, visit):
    Post.objects.update(note_shows=[])

    assert "Not in them" not in page(visit("nan"), "before_you_look", post)


def test_all_of_them_open_on_the_page(post, visit):
    nan = visit("nan")

    answer = nan.post(url("consent", post))
    found = page(nan, "letter", post)

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"
    assert found.count("<img") == 3
    assert "data-open" in found
    assert "That was the last of them." in found
    assert "Fold them away" in found
    assert "Two hands on a sheet." in found
    assert "Said of this one." in found


def test_one_at_a_time_says_what_can_be_seen_and_sends_nothing_of_it(post, visit):
    found = page(visit("nan"), "one_at_a_time", post)

    assert found.count("Two hands on a sheet.") == 3
    assert "The third" in found
    assert "<img" not in found
    assert "In the second week." not in found
    assert "Said of this one." not in found


def test_one_opens_alone_and_is_folded_again(post, photos, visit):
    nan = visit("nan")

    nan.post(url("consent", post), {"photo": photos[1].pk})
    opened = page(nan, "one_at_a_time", post)
    letter = page(nan, "letter", post)
    nan.post(url("fold", post), {"photo": photos[1].pk})
    folded = page(nan, "one_at_a_time", post)

    assert opened.count("<img") == 1
    assert "Two more photographs" in letter
    assert "<img" not in folded


def test_folding_away_folds_all(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    answer = nan.post(url("fold", post))

    assert answer.headers["Location"] == url("letter", post)
    assert "<img" not in page(nan, "letter", post)


def test_what_is_remembered_is_open_in_the_next_visit(post, visit):
    visit("nan").post(url("consent", post), {"remember": "on"})

    assert page(visit("nan"), "letter", post).count("<img") == 3


def test_before_you_look_has_nothing_to_say_where_all_is_open(post, visit):
    rose = visit("rose")

    answer = rose.get(url("before_you_look", post))

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"


def test_show_me_all_leads_to_the_first_of_them_among_the_words(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    found = page(nan, "letter", post)

    assert found.count('id="photographs"') == 1
    assert found.index('id="photographs"') < found.index("<img")


def test_the_opened_letter_has_a_way_back(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    assert f'<a class="back" href="{reverse("home")}"' in page(nan, "letter", post)


@pytest.mark.parametrize("name", ["before_you_look", "one_at_a_time"])
def test_whom_they_are_not_for_there_is_nothing_to_look_at(post, visit, name):
    never_was = visit("ines").get(reverse(name, args=[uuid.uuid4()]))

    answer = visit("ines").get(url(name, post))

    assert (answer.status_code, answer.content) == (404, never_was.content)
    assert sorted(answer.headers.items()) == sorted(never_was.headers.items())


def test_choosing_to_look_at_what_is_for_others_is_a_404(post, visit):
    for name, data in (("ines", {}), ("ada", {}), ("nan", {"photo": uuid.uuid4()})):
        assert visit(name).post(url("consent", post), data).status_code == 404
    assert visit("nan").post(url("consent", post), {"photo": "x"}).status_code == 404
    assert not Consent.objects.exists()


def test_a_visitor_looks_for_the_length_of_a_visit(cast, photos, visit):
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=photos,
    )
    nobody = visit(None)
    page(nobody, "letter", post)
    sessions_before = Session.objects.count()

    nobody.post(url("consent", post), {"remember": "on"})

    assert sessions_before == 0
    assert page(nobody, "letter", post).count("<img") == 3
    assert "<img" not in page(visit(None), "letter", post)
    assert Session.objects.get().account is None


def test_a_visitor_who_may_not_look_gets_no_session(cast, post, visit):
    visit(None).post(url("consent", post))

    assert not Session.objects.exists()
