"""What thousands of responses that wait cost whoever writes the next, and whoever reads the first."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.posts.models import Audience
from beside.responses import pauses, queue
from tests.cast import NOW, make_post
from tests.responses.builders import reads_first, respond, take_responses


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


def test_to_read_on_nobody_waits_for_those_who_write(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    respond(post, cast.nan)
    taken = queue.take_next(cast.ines, at=NOW)

    with CaptureQueriesContext(connection) as asked:
        again = queue.take_next(cast.ines, at=NOW)

    assert taken is not None
    assert again == taken
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
