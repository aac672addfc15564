from __future__ import annotations

from django.urls import reverse

from tests.web.browsing import (
    make_draft,
)


def test_what_only_the_author_sees_is_listed_where_they_look_for_it(rose, cast):
    make_draft(cast.rose, title="Mine")
    make_draft(cast.tom, title="His")

    page = rose.get(reverse("letters")).content.decode()

    assert "Mine" in page
    assert "His" not in page
