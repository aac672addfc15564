from __future__ import annotations

from beside.people import blocks, follows
from tests.cast import NOW
from tests.web.browser import as_, page, post, status


def test_after_a_block_neither_page_is_there(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    assert status(as_(cast.nan), "profile", cast.rose.pk) == 200

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert status(as_(cast.nan), "profile", cast.rose.pk) == 404
    assert status(as_(cast.rose), "profile", cast.nan.pk) == 404


def test_a_block_is_one_press_and_can_be_ended(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    rose = as_(cast.rose)

    post(rose, "block", cast.nan.pk)
    assert "Unblock Nan" in page(rose, "you")
    post(rose, "unblock", cast.nan.pk)

    assert not blocks.is_between(cast.rose, cast.nan)
