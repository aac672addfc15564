from __future__ import annotations

from django.urls import reverse

from beside.posts.models import Post
from tests.cast import NOW, make_post


def test_a_period_is_closed_from_its_page(rose, cast):
    post = make_post(cast.rose, at=NOW)

    rose.post(reverse("close_everything"), {"since": "2001-01-01", "until": "2001-12-31"})
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED

    rose.post(reverse("close_everything"))
    post.refresh_from_db()
    assert post.state == Post.State.CLOSED


def test_a_period_that_ends_before_it_begins_is_asked_about(rose, cast):
    make_post(cast.rose)

    page = rose.post(reverse("close_everything"), {"since": "2025-02-02", "until": "2025-01-01"})

    assert "The second day comes before the first." in page.content.decode()
    assert Post.objects.get().state == Post.State.PUBLISHED
