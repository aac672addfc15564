from __future__ import annotations

import pytest

from beside.people import follows, mutes
from tests.cast import NOW, make_post
from tests.web.browser import as_, page, post, status
from tests.web.test_private_letters import text_of


@pytest.fixture
def nan(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    make_post(cast.rose, words_for=[cast.nan])
    return as_(cast.nan)


def test_one_press_shows_less_of_somebody_and_another_shows_it_again(cast, nan):
    assert "The fourteenth of March" in page(nan, "home")
    assert "Show me less from Rose" in page(nan, "profile", cast.rose.pk)

    assert post(nan, "mute", cast.rose.pk).status_code == 302

    assert "The fourteenth of March" not in page(nan, "home")
    assert "The fourteenth of March" in page(nan, "profile", cast.rose.pk)
    assert "You’re shown less of them" in page(nan, "profile", cast.rose.pk)
    assert "Show me everything of Rose again" in page(nan, "you")

    post(nan, "unmute", cast.rose.pk)

    assert "The fourteenth of March" in page(nan, "home")
    assert "Show me everything of Rose again" not in page(nan, "you")


def test_whoever_is_muted_sees_no_difference(cast, nan):
    rose = as_(cast.rose)

    def met() -> list[str]:
        return [text_of(page(rose, "you")), text_of(page(rose, "profile", cast.nan.pk))]

    before = met()
    mutes.mute(cast.nan, cast.rose, at=NOW)

    assert met() == before


def test_only_people_whose_page_one_may_open_can_be_muted(cast, nan):
    assert post(nan, "mute", cast.ada.pk).status_code == 404
    assert status(nan, "mute", cast.rose.pk) == 405
    assert mutes.muted_by(cast.nan) == []
