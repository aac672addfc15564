from __future__ import annotations

from django.urls import reverse

from beside.posts.models import Audience, Post
from tests.cast import make_photo
from tests.web.browsing import (
    make_draft,
)


def test_publishing_says_who_by_name_and_happens_on_its_own_page(rose, cast):
    post = make_draft(cast.rose, words_for=[cast.nan])

    page = rose.get(reverse("publish", args=[post.pk])).content.decode()
    rose.post(reverse("publish", args=[post.pk]))

    post.refresh_from_db()
    assert "Nan" in page
    assert post.state == Post.State.PUBLISHED


def test_publishing_without_the_sentence_is_asked_about_kindly_and_nothing_is_lost(rose, cast):
    post = make_draft(
        cast.rose,
        note="",
        words="Still here",
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose)],
    )

    page = rose.post(reverse("publish", args=[post.pk])).content.decode()

    post.refresh_from_db()
    assert "what the photographs show" in page
    assert (post.state, post.words) == (Post.State.DRAFT, "Still here")
