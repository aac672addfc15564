from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from beside.access import policy
from beside.access.conditions import Asker
from beside.access.policy import NOBODY, Viewer, why
from beside.cli.access import command
from beside.people.models import Block
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_photo, make_post

DOCS = Path(__file__).parents[2] / "docs" / "access.md"


def sentences_under(heading: str) -> list[str]:
    part = DOCS.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\d+\. (.*)$", part, re.MULTILINE)


def test_the_page_says_the_rule_for_a_letter_in_the_rules_order():
    rule = [sentence for sentence, _, _ in policy.rule_asked_by(Asker(None))]

    assert sentences_under("A letter") == [*rule, policy.OTHERWISE_OPEN]


def test_the_page_says_the_rule_for_a_photograph_in_the_rules_order():
    rule = [sentence for sentence, _, _ in policy.rule_of_a_photograph(NOBODY, NOW)]

    assert sentences_under("A photograph's bytes") == [*rule, policy.OTHERWISE_NOT_SENT]


@pytest.mark.parametrize(
    ("who", "number"), [("rose", 1), ("max", 6), ("marit", 7), ("ines", 10), ("nan", 11)]
)
def test_the_sentence_that_decided_is_told(cast, who, number):
    post = make_post(
        cast.rose,
        words_for=[cast.nan, cast.ines, cast.max],
        photographs_for=[cast.nan],
        photos=[make_photo(cast.rose)],
    )
    Block.objects.create(blocker=cast.rose, blocked=cast.max, at=NOW)

    told = why(Viewer(cast[who].pk), post.pk, at=NOW)

    assert told == sentences_under("A letter")[number - 1]


def test_so_it_is_for_what_lies_open_has_no_photographs_or_is_no_post(cast):
    everybody = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
    bare = make_post(cast.rose, **everybody)
    laid_open = make_post(cast.rose, **everybody, veiled=False, photos=[make_photo(cast.rose)])
    closed = make_post(cast.rose, **everybody, state=Post.State.CLOSED)
    nan = Viewer(cast.nan.pk)

    told = [why(nan, post.pk, at=NOW) for post in (bare, laid_open, closed)]

    assert told == [sentences_under("A letter")[number] for number in (7, 11, 1)]
    assert why(nan, cast.nan.pk, at=NOW) == policy.NO_SUCH_POST


def test_the_command_tells_it_by_address_by_id_and_for_nobody(cast):
    post = make_post(cast.rose, words_for=[cast.nan])

    def tell(person: str) -> str:
        return CliRunner().invoke(command, [person, str(post.pk)]).output.strip()

    assert tell("ROSE@home.example") == "Its authors see all of it."
    assert tell(str(cast.tom.pk)) == "Somebody whom its words are not for sees nothing."
    assert tell("nobody") == "Somebody whom its words are not for sees nothing."
    assert "Nobody here" in tell("someone@else.example")
