from __future__ import annotations

from django.urls import reverse

from beside.posts import audiences
from beside.posts.models import Audience
from tests.cast import make_circle, make_post


def test_the_audience_page_names_who_sees_it_now_and_narrows_at_one_press(rose, cast):
    post = make_post(cast.rose, words_for=[cast.nan, cast.ines])

    before = rose.get(reverse("audience", args=[post.pk])).context["page"].summary.readers
    rose.post(
        reverse("audience", args=[post.pk]),
        {"words_for": "people", "words_people": [f"person:{cast.nan.pk}"], "photographs_for": "us"},
    )
    after = rose.get(reverse("audience", args=[post.pk])).context["page"].summary.readers

    assert (before, after) == (["Ines", "Nan"], ["Nan"])


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
