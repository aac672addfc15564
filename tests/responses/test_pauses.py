"""What closing by itself costs whoever writes the next response."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.posts.models import Audience
from beside.responses import pauses
from tests.cast import NOW, make_post
from tests.responses.builders import respond, take_responses


def test_of_thousands_that_wait_only_an_index_is_read(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post, closes_at=3)
    respond(post, cast.nan)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        pauses.pause_if_too_many(post, at=NOW)

    counts = [query["sql"] for query in asked if "COUNT" in query["sql"]]
    assert len(counts) == 2
    for sql in counts:
        assert '"id"' not in sql
        assert '"words"' not in sql
