from __future__ import annotations

import pytest

from beside.notices.models import Notice
from beside.responses import private_letter_choices
from beside.responses.models import PrivateLetterChoice, ReadFirst, WrittenBy
from tests.cast import NOW
from tests.responses.builders import reads_first, take_letters
from tests.web.browser import as_, page, post
from tests.web.test_notices import news

pytestmark = pytest.mark.usefixtures("own_place")


def test_nobody_can_write_until_it_is_chosen(cast):
    rose = as_(cast.rose)
    assert "Nobody can, until you say so" in page(rose, "you")
    assert "Nobody can write to you until you say so." in page(rose, "private_letter_choice")

    post(rose, "private_letter_choice", written_by=1, read_first=1)

    now = private_letter_choices.of(cast.rose)
    assert (now.written_by, now.read_first) == (WrittenBy.IN_MY_CIRCLES, ReadFirst.AUTHORS)
    assert "People in your circles" in page(rose, "you")


def test_it_is_asked_first_who_reads(cast):
    answer = post(as_(cast.rose), "private_letter_choice", written_by=2)

    assert "Say who reads it first." in answer.content.decode()
    assert not PrivateLetterChoice.objects.exists()


def test_where_somebody_reads_first_nothing_is_asked(cast):
    reads_first(cast.rose, cast.ines)
    said = page(as_(cast.rose), "private_letter_choice")
    assert "Ines" in said
    assert "Nobody: let it wait" not in said

    post(as_(cast.rose), "private_letter_choice", written_by=2)

    assert private_letter_choices.of(cast.rose).written_by == WrittenBy.WHO_KNOW_ME


def test_letters_end_at_one_press(cast):
    take_letters(cast.rose)

    post(as_(cast.rose), "private_letter_choice", do="end")

    assert private_letter_choices.of(cast.rose).written_by == WrittenBy.NOBODY
    assert "No more letters" not in page(as_(cast.rose), "private_letter_choice")


@pytest.mark.thorough
def test_what_closed_by_itself_is_told_and_opened_again(cast):
    take_letters(cast.rose)
    PrivateLetterChoice.objects.update(paused_since=NOW)
    Notice.objects.create(
        recipient_id=cast.rose.pk, kind=Notice.Kind.RESPONSES_PAUSED, about=cast.rose.pk, at=NOW
    )
    assert "so nobody new can send you" in news(cast.rose)
    assert "it closed by itself" in page(as_(cast.rose), "you")

    post(as_(cast.rose), "private_letter_choice", do="resume")

    assert "so nobody new can send you" not in news(cast.rose)
    assert private_letter_choices.of(cast.rose).paused_since is None
