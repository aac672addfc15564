from __future__ import annotations

import pytest

from beside.moderation import house_words
from beside.moderation.house_words import NotDiallable, NotTheHost
from tests.cast import NOW


def write(cast, *, helpline="", by="marit"):
    house_words.write(
        " Be kind. ", helpline=helpline, helpline_says="at \n any hour", by=cast[by], at=NOW
    )


def test_there_are_none_until_the_host_writes_some(cast):
    assert house_words.current() is None

    write(cast, helpline="+44 1632 960118")

    said = house_words.current()
    assert (said.words, said.helpline, said.helpline_says) == (
        "Be kind.",
        "+44 1632 960118",
        "at any hour",
    )


def test_later_words_replace_earlier_ones(cast):
    write(cast, helpline="01632 960118")
    write(cast)

    assert house_words.current().helpline == ""


@pytest.mark.parametrize("helpline", ["call us", "01632 960118 <b>", "javascript:1", "+ - ()"])
def test_what_no_telephone_can_dial_is_refused(cast, helpline):
    with pytest.raises(NotDiallable):
        write(cast, helpline=helpline)

    assert house_words.current() is None


def test_only_the_host_writes_them(cast):
    with pytest.raises(NotTheHost):
        write(cast, by="rose")
