from __future__ import annotations

from random import Random

import pytest

from bench.likeness import edited
from beside.moderation import cases
from beside.people.moderators import NotAModerator
from beside.posts.models import Audience, Authorship
from beside.responses import seals
from beside.responses.likeness import SKETCH_BYTES, likeness, sketch
from beside.responses.models import Response, Seal
from tests.cast import NOW, make_account, make_post

TEXT = (
    "Nobody asked to see this, and you should be ashamed of what you have put here. My own sister lost two,"
    " and she never showed them to anybody. Take it down before somebody makes you."
)
OTHER = "I think you chose this. Your other children will read it one day, and what will you tell them then?"


def sealed(words, *authors, by, sealer) -> Seal:
    post = make_post(*authors, words_for=Audience.ANYONE)
    response = Response.objects.create(
        post=post,
        writer=by,
        words=words,
        sent_at=NOW,
        waits_since=NOW,
        likeness=likeness(words),
    )
    return seals.make(response, by=sealer, at=NOW)


@pytest.fixture
def seal(cast):
    def make(words, author, by=None):
        return sealed(words, author, by=by or cast.max, sealer=cast.ines)

    return make


def told(cast, at=NOW):
    """The cases, each with what says which of its seals, writers and families differ."""
    return [
        [(one.seal, one.writer, one.family) for one in case.sealed]
        for case in cases.cases_for(cast.marit, at=at)
    ]


def test_what_one_person_writes_to_two_families_is_one_case(cast, seal):
    first = seal(TEXT, cast.rose)
    seal(OTHER, cast.rose)
    second = seal(f"  {TEXT.upper()}!! ", cast.nan)

    [case] = cases.cases_for(cast.marit, at=NOW)

    assert {one.seal for one in case.sealed} == {first, second}
    assert case.is_by_one


def test_what_is_nearly_the_same_by_others_is_too_and_says_so(cast, seal):
    first = seal(TEXT, cast.rose)
    second = seal(TEXT.replace("sister", "cousin").replace("two", "three"), cast.nan, by=cast.ada)

    [case] = cases.cases_for(cast.marit, at=NOW)

    assert {one.seal for one in case.sealed} == {first, second}
    assert not case.is_by_one
    assert {one.writer for one in case.sealed} == {1, 2}
    assert {one.family for one in case.sealed} == {1, 2}


def test_what_is_alike_to_one_family_is_no_case(cast, seal):
    seal(TEXT, cast.rose)
    sealed(TEXT, cast.rose, cast.tom, by=cast.max, sealer=cast.ines)
    sealed(TEXT, cast.tom, by=cast.max, sealer=cast.ines)

    assert told(cast) == []


def test_what_differs_is_no_case_and_neither_is_what_has_no_words(cast, seal):
    seal(TEXT, cast.rose)
    seal(OTHER, cast.nan)
    seal("…", cast.rose)
    seal("!", cast.nan)

    assert told(cast) == []


def test_a_case_has_nothing_that_concerns_the_moderator(cast, seal):
    first = seal(TEXT, cast.rose)
    for concerning in (
        seal(TEXT, cast.marit),
        seal(TEXT, cast.nan, by=cast.marit),
        sealed(TEXT, cast.ada, by=cast.max, sealer=cast.marit),
    ):
        assert told(cast) == []
        concerning.delete()
    second = seal(TEXT, cast.nan)
    assert {one[0] for one in told(cast)[0]} == {first, second}
    Authorship.objects.create(post=second.post, account=cast.marit, joined_at=NOW)
    assert told(cast) == []


def test_somebody_who_is_no_moderator_reads_no_cases(cast):
    with pytest.raises(NotAModerator):
        cases.cases_for(cast.rose, at=NOW)


def test_digests_go_with_the_seal_when_its_term_ends(cast, seal):
    ends_at = seal(TEXT, cast.rose).ends_at
    seal(TEXT, cast.nan)

    assert told(cast, at=ends_at) == []
    seals.run_due(ends_at)
    assert not Seal.objects.exists()


def test_seals_of_accounts_that_are_gone_still_make_a_case(cast, seal):
    ben, eve = make_account("ben"), make_account("eve")
    seal(TEXT, ben)
    seal(TEXT, eve)
    ben.delete()
    eve.delete()
    Seal.objects.update(writer=None)

    [case] = cases.cases_for(cast.marit, at=NOW)

    assert [one.writer for one in case.sealed] == [0, 0]
    assert not case.is_by_one


@pytest.mark.thorough
def test_many_variants_of_one_text_are_one_case_with_few_comparisons(cast, seal, monkeypatch):
    random, asked, people = Random("variants"), [], [cast.rose, cast.nan, cast.tom, cast.ada]
    for number in range(60):
        seal(edited(random, TEXT, 0.05), people[number % 4])
    nearness = cases.nearness
    monkeypatch.setattr(cases, "nearness", lambda *two: asked.append(two) or nearness(*two))

    [case] = told(cast)

    assert len(case) == 60
    # Each digest of a text leads to one comparison at most, however many texts share it.
    assert len(asked) <= 60 * SKETCH_BYTES // 8
    assert len(asked) < 60 * 59 / 2


def test_a_sketch_is_bounded_and_needs_the_key(settings):
    long = " ".join(f"word{number}" for number in range(20_000))

    assert len(sketch(long)) == SKETCH_BYTES
    assert sketch("") == b""
    assert TEXT.encode() not in sketch(TEXT)


def test_private_letters_to_two_people_make_a_case_too(cast, seal):
    first = seal(TEXT, cast.rose)
    letter = Response.objects.create(
        recipient=cast.nan,
        signed="A friend",
        words=TEXT,
        sent_at=NOW,
        waits_since=NOW,
        likeness=likeness(TEXT),
    )
    second = seals.make(letter, by=cast.ines, at=NOW)

    [case] = cases.cases_for(cast.marit, at=NOW)

    assert {one.seal for one in case.sealed} == {first, second}
    assert {one.writer for one in case.sealed} == {0, 1}
    assert second.pk not in {one.pk for one in openable_by(cast.nan)}


def openable_by(account):
    return seals.open_to_moderator(account, at=NOW)
