from __future__ import annotations

import pytest
from django.urls import reverse

from beside.people.models import Block
from beside.posts import audiences
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_circle, make_photo, make_post
from tests.web.browsing import answer, browser, page, url, widening


def who(client, post):
    return client.get(reverse("audience", args=[post.pk])).context["page"].who


def readers_in(client, post):
    return [(line.names, line.why) for line in who(client, post).words_only.lines]


@pytest.mark.thorough
def test_the_audience_page_names_who_sees_it_now_and_narrows_at_one_press(rose, cast):
    post = make_post(cast.rose, words_for=[cast.nan, cast.ines])

    before = readers_in(rose, post)
    rose.post(
        reverse("audience", args=[post.pk]),
        {"words_for": "people", "words_people": [f"person:{cast.nan.pk}"], "photographs_for": "us"},
    )
    after = readers_in(rose, post)

    assert (before, after) == ([("Ines, Nan", "By name")], [("Nan", "By name")])


def test_narrowing_the_words_takes_the_photographs_along(rose, cast):
    make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE)

    rose.post(
        reverse("audience", args=[post.pk]),
        {
            "words_for": "people",
            "words_people": [f"person:{cast.nan.pk}"],
            "photographs_for": "here",
        },
    )

    post.refresh_from_db()
    photographs = audiences.chosen(post).photographs
    assert (photographs.audience, photographs.accounts) == (Audience.PEOPLE, {cast.nan.pk})


def test_those_who_are_here_at_all_are_not_listed_where_the_words_are_for_anyone(rose, cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)

    page = rose.get(reverse("audience", args=[post.pk])).content.decode()

    assert "Marit" not in page
    assert "Everyone signed in here" in page


def test_everything_can_be_shown_to_nobody_at_one_press(rose, cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE)

    rose.post(reverse("audience", args=[post.pk]), {"do": "nobody", "words_for": "anyone"})

    post.refresh_from_db()
    assert (post.words_for, post.photographs_for) == (Audience.ONLY_US, Audience.ONLY_US)


def test_everyone_is_never_followed_by_names_as_if_they_were_all(cast):
    make_circle(cast.rose, of=[cast.nan, cast.ines])
    post = make_post(cast.rose, words_for=Audience.ANYONE)

    found = page(browser(cast.rose), "audience", post)

    assert "Everyone signed in here." in found
    assert "Of your circles, it includes Ines and Nan." in found
    assert "Marit" not in found


def test_it_says_only_of_ones_own_circles_whom_everyone_includes(cast):
    make_circle(cast.rose, of=[cast.nan, cast.max])
    make_circle(cast.tom, of=[cast.ada])
    Block.objects.create(blocker=cast.nan, blocked=cast.rose, at=NOW)
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)

    rose, tom = who(browser(cast.rose), post), who(browser(cast.tom), post)

    assert (rose.words_only.of_circles, tom.words_only.of_circles) == ("", "Ada")


def test_each_person_stands_once_with_why(cast):
    family = make_circle(cast.rose, "Family", of=[cast.nan])
    group = make_circle(cast.tom, "Tuesday group", of=[cast.ada])
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=[family, group, cast.ines],
        photographs_for=[family],
        photos=[make_photo(cast.rose)],
    )

    seen = who(browser(cast.rose), post)

    assert [(one.names, one.why) for one in seen.both.lines] == [
        ("Tom", "Wrote it with you"),
        ("Nan", "Family"),
    ]
    assert [(one.names, one.why) for one in seen.words_only.lines] == [
        ("Ada", "Another author’s circle"),
        ("Ines", "By name"),
    ]


def test_if_both_parts_are_for_everyone_there_is_one_list(cast):
    make_circle(cast.rose, of=[cast.nan])
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose)],
    )

    seen = who(browser(cast.rose), post)

    assert (seen.both.everyone, seen.both.of_circles) == ("Everyone signed in here", "Nan")
    assert not seen.words_only


def test_a_draft_for_an_empty_circle_promises_nobody(cast):
    empty = make_circle(cast.rose, of=[])
    post = make_post(cast.rose, words_for=[empty], state=Post.State.DRAFT)

    found = page(browser(cast.rose), "publish", post)

    assert "The people above can see it" not in found
    assert "There’s nobody in the circle yet, so nobody else will see it." in found


def test_asking_to_widen_doesnt_list_a_few_as_if_they_were_everyone(cast):
    make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan])

    found = widening(browser(cast.rose), post).content.decode()

    assert "Everyone signed in here. Of your circles, this includes Nan" in found
    assert "Everyone signed in here: " not in found


@pytest.mark.thorough
def test_a_narrowing_with_a_co_author_can_be_asked_back(cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan])
    rose, tom = browser(cast.rose), browser(cast.tom)
    rose.post(url("audience", post), {"do": "nobody"})

    offered = page(rose, "audience", post)
    shown = rose.post(url("audience", post), {"put_back": "yes"}).content.decode()
    rose.post(url("audience", post), {"put_back": "yes", "do": "ask", "message": ""})
    asked = page(tom, "approval", post)
    before = audiences.chosen(Post.objects.get()).words.audience
    answer(tom, post, "agree")

    assert "Ask Tom to put it back as it was" in offered
    assert "This needs Tom too" in shown
    assert "Rose would like to put this back as it was" in asked
    assert before == Audience.ONLY_US
    assert audiences.chosen(Post.objects.get()).words.accounts == {cast.nan.pk}


def test_alone_it_is_put_back_at_one_press(cast):
    post = make_post(cast.rose, words_for=[cast.nan])
    rose = browser(cast.rose)
    rose.post(url("audience", post), {"do": "nobody"})

    rose.post(url("audience", post), {"put_back": "yes"})

    assert audiences.chosen(Post.objects.get()).words.accounts == {cast.nan.pk}


def test_nothing_is_put_back_where_nothing_was_narrowed(cast):
    post = make_post(cast.rose, words_for=[cast.nan])

    answered = browser(cast.rose).post(url("audience", post), {"put_back": "yes"})

    assert answered.status_code == 302
    assert "put it back" not in page(browser(cast.rose), "audience", post)


def test_no_page_says_that_one_can_undo_alone_what_needs_a_yes(cast):
    both = make_post(cast.rose, cast.tom, words_for=[cast.nan])
    alone = make_post(cast.rose, words_for=[cast.nan])
    rose = browser(cast.rose)

    assert "Opening it again needs a yes from Tom." in page(rose, "closing", both)
    assert "whenever you like" not in page(rose, "closing", both)
    assert "You can open it again whenever you like." in page(rose, "closing", alone)
    assert "Undoing it needs a yes from Tom." in page(rose, "audience", both)
