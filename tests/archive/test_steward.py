from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.archive import steward
from beside.people import delegations
from beside.people.delegations import NoSuchDelegation
from beside.posts import closing
from beside.posts.authorship import WaitsForOthers
from beside.posts.models import Audience, Post
from tests.archive.stewards import LATER, for_after
from tests.cast import NOW, make_post


@pytest.fixture
def letters(cast) -> list[Post]:
    return [
        make_post(cast.rose, words_for=[cast.ada]),
        make_post(cast.rose, cast.tom, words_for=Audience.ANYONE),
        make_post(cast.tom, words_for=[cast.ada]),
        make_post(cast.rose, state=Post.State.DRAFT),
    ]


def seen_by_ada(cast, letters) -> list[bool]:
    met = []
    for post in letters:
        try:
            met.append(see(Viewer(cast.ada.pk), post.pk, at=NOW).sight > Sight.NOTHING)
        except NothingToSee:
            met.append(False)
    return met


ACTS = [steward.close_everything, steward.show_only_us]


@pytest.mark.parametrize("act", ACTS)
def test_somebody_for_after_shows_less_of_the_authors_letters_and_of_no_others(cast, letters, act):
    one = for_after(cast.rose, cast.nan)

    act(one.pk, by=cast.nan, at=LATER)

    assert seen_by_ada(cast, letters) == [False, False, True, False]
    assert {post.state for post in Post.objects.all()} <= {
        Post.State.PUBLISHED,
        Post.State.CLOSED,
        Post.State.DRAFT,
    }


@pytest.mark.parametrize("act", ACTS)
def test_somebody_for_after_reads_nothing_by_it(cast, letters, act):
    one = for_after(cast.rose, cast.nan)

    act(one.pk, by=cast.nan, at=LATER)

    for post in letters[:1] + letters[3:]:
        with pytest.raises(NothingToSee):
            see(Viewer(cast.nan.pk), post.pk, at=LATER)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("why_not", ["too early", "never asked", "a no", "ended", "not theirs"])
def test_somebody_for_after_does_nothing_before_the_term_is_over_without_a_no(
    cast, letters, act, why_not
):
    one = for_after(cast.rose, cast.nan, asks=False)
    if why_not != "never asked":
        delegations.ask_to_act(one.pk, by=cast.nan, at=NOW)
    if why_not == "a no":
        delegations.stop_asking(one.pk, by=cast.rose)
    if why_not == "ended":
        delegations.end(one.pk, by=cast.rose, at=NOW)
    who = cast.ada if why_not == "not theirs" else cast.nan
    early = timedelta(seconds=1 if why_not == "too early" else 0)

    with pytest.raises(NoSuchDelegation):
        act(one.pk, by=who, at=LATER - early)

    assert seen_by_ada(cast, letters) == [True, True, True, False]


def test_whoever_wrote_it_opens_again_what_was_closed_as_the_rule_has_it(cast, letters):
    one = for_after(cast.rose, cast.nan)
    steward.close_everything(one.pk, by=cast.nan, at=LATER)

    closing.reopen(letters[0], by=cast.rose, at=LATER)
    with pytest.raises(WaitsForOthers):
        closing.reopen(letters[1], by=cast.tom, at=LATER)

    assert seen_by_ada(cast, letters)[0]
