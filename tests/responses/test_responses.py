from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from beside.access.conditions import Viewer
from beside.access.models import Admission
from beside.access.policy import NothingToSee
from beside.archive import account_closures
from beside.notices.models import Notice
from beside.people import blocks, quiet_days
from beside.people.models import Account, Narrowing
from beside.people.quiet_days import HowLong
from beside.posts import coauthors
from beside.posts.models import Audience, Authorship
from beside.responses import choices, desk, policy, queue, replaying, responses
from beside.responses.choices import Chosen, WhoReadsFirst
from beside.responses.models import (
    Presence,
    ReadFirst,
    RespondedBy,
    Response,
    ResponseChoice,
    ResponsePause,
    Seal,
)
from beside.responses.responses import ResponseText, TakesNoResponses
from tests.cast import NOW, make_account, make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast):
    return make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)


def told(account):
    return list(Notice.objects.filter(recipient=account).values_list("kind", flat=True))


def test_nobody_responds_unless_every_author_has_said_so(cast, post):
    chosen = Chosen(RespondedBy.READERS, ReadFirst.AUTHORS)
    choices.choose(post, chosen, by=cast.rose, at=NOW)
    with pytest.raises(TakesNoResponses):
        respond(post, cast.nan)
    assert told(cast.tom) == [Notice.Kind.RESPONSES_OFFERED]
    assert list(choices.holds(post).undecided) == [cast.tom]

    choices.choose(post, chosen, by=cast.tom, at=NOW)

    respond(post, cast.nan)
    assert Notice.Kind.RESPONSES_OFFERED not in told(cast.tom)


def test_any_author_alone_ends_them(cast, post):
    take_responses(post)

    choices.end(post, by=cast.tom, at=NOW)

    with pytest.raises(TakesNoResponses):
        respond(post, cast.nan)
    assert choices.holds(post).responded_by == RespondedBy.NOBODY


def test_it_is_said_first_who_reads_first(cast, post):
    with pytest.raises(WhoReadsFirst):
        choices.choose(post, Chosen(RespondedBy.READERS), by=cast.rose, at=NOW)

    reads_first(cast.tom, cast.ines)

    choices.choose(post, Chosen(RespondedBy.READERS), by=cast.rose, at=NOW)


def test_if_nobody_reads_first_they_wait_unread_and_unannounced(cast, post):
    take_responses(post, read_first=ReadFirst.NOBODY)
    ResponseChoice.objects.filter(author=cast.rose).update(read_first=ReadFirst.AUTHORS)

    respond(post, cast.nan)

    for author in (cast.rose, cast.tom):
        assert queue.take_next(author, at=NOW) is None
        assert told(author) == []


@pytest.mark.thorough
def test_authors_read_first_where_they_have_said_so_and_a_screener_comes_before_them(cast, post):
    take_responses(post)
    response = respond(post, cast.nan)
    assert queue.take_next(cast.rose, at=NOW) == response
    assert told(cast.rose) == [Notice.Kind.RESPONSES_WAIT]

    reads_first(cast.tom, cast.ines)

    assert queue.take_next(cast.rose, at=NOW) is None
    assert queue.take_next(cast.ines, at=NOW + queue.IN_HAND) == response


@pytest.mark.thorough
def test_authors_who_read_first_are_given_nothing_on_their_quiet_days(cast, post):
    take_responses(post)
    response = respond(post, cast.nan)
    assert queue.take_next(cast.rose, at=NOW) == response

    quiet_days.begin(cast.rose, HowLong.DAY, at=NOW)

    assert queue.in_hand(cast.rose, at=NOW) is None
    assert queue.take_next(cast.rose, at=NOW) is None
    assert queue.take_next(cast.rose, at=NOW + timedelta(days=3)) == response


def test_a_screeners_own_response_is_passed_on_when_it_is_sent(cast, post):
    take_responses(post)
    reads_first(cast.tom, cast.ines)

    response = respond(post, cast.ines)

    assert list(policy.passed_on_to(cast.rose, at=NOW)) == [response]
    assert queue.take_next(cast.ines, at=NOW) is None


@pytest.mark.parametrize(
    ("level", "who"),
    [
        (RespondedBy.NOBODY, []),
        (RespondedBy.NAMED, ["nan"]),
        (RespondedBy.LET_IN, ["nan", "ada"]),
        (RespondedBy.READERS, ["nan", "ada", "ines"]),
    ],
)
def test_each_level_includes_those_before_it(cast, level, who):
    post = make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=[cast.nan])
    type(post).objects.filter(pk=post.pk).update(photographs_for=Audience.LET_IN)
    Admission.objects.create(post=post, account=cast.ada, admitted_at=NOW)
    take_responses(post, level)

    found = [
        name
        for name in ("nan", "ada", "ines")
        if policy.may_respond(post.pk, Viewer(cast[name].pk), at=NOW)
    ]

    assert found == who


def test_nobody_responds_to_what_they_cannot_read_or_wrote_themselves(cast, post):
    take_responses(post)
    hidden = make_post(cast.rose, words_for=[cast.nan])
    take_responses(hidden)

    with pytest.raises(NothingToSee):
        respond(hidden, cast.ada)
    with pytest.raises(NothingToSee):
        respond(post, cast.max)
    with pytest.raises(TakesNoResponses):
        respond(post, cast.rose)
    assert not policy.may_respond(post.pk, Viewer(None), at=NOW)


def test_sending_it_twice_sends_it_once(cast, post):
    take_responses(post)
    key = uuid.uuid4()

    for _ in range(2):
        responses.send(
            key, post.pk, ResponseText("Emil."), by=cast.nan, viewer=Viewer(cast.nan.pk), at=NOW
        )

    assert Response.objects.count() == 1


@pytest.mark.thorough
def test_what_a_blocked_person_wrote_is_read_by_nobody(cast, post):
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    response = in_hand(post, cast.ines, cast.nan)

    blocks.block(cast.nan, cast.rose, at=NOW)

    assert queue.take_next(cast.ines, at=NOW) is None
    with pytest.raises(desk.NotInHand):
        desk.pass_on(response.pk, by=cast.ines, at=NOW)


def test_presences_are_told_together_unnamed_and_once(cast, post):
    take_responses(post)

    for one in (cast.nan, cast.ada, cast.nan):
        responses.be_present(post.pk, by=one, viewer=Viewer(one.pk), at=NOW)

    assert told(cast.rose) == [Notice.Kind.PRESENT]
    assert Presence.objects.count() == 2
    responses.leave(post.pk, by=cast.nan)
    assert told(cast.rose) == [Notice.Kind.PRESENT]
    responses.leave(post.pk, by=cast.ada)
    assert told(cast.rose) == []


def test_any_author_switches_presences_off(cast, post):
    take_responses(post)
    ResponseChoice.objects.filter(author=cast.tom).update(takes_presences=False)

    with pytest.raises(TakesNoResponses):
        responses.be_present(post.pk, by=cast.nan, viewer=Viewer(cast.nan.pk), at=NOW)


def test_presences_are_not_announced_on_quiet_days(cast, post):
    take_responses(post)
    quiet_days.begin(cast.rose, HowLong.DAY, at=NOW)

    responses.be_present(post.pk, by=cast.nan, viewer=Viewer(cast.nan.pk), at=NOW)

    assert (told(cast.rose), told(cast.tom)) == ([], [Notice.Kind.PRESENT])


def grown_up(name: str) -> Account:
    return make_account(name, joined_at=NOW - timedelta(days=30))


def test_responses_close_by_themselves_above_a_rate(cast, post):
    with override_settings(BESIDE=with_rate(2)):
        take_responses(post)
        reads_first(cast.tom, cast.ines)
        people = [grown_up(f"reader{number}") for number in range(4)]
        for number, one in enumerate(people[:3]):
            respond(post, one, f"Number {number}.")

        assert ResponsePause.objects.get().post == post
        with pytest.raises(TakesNoResponses):
            respond(post, people[3])
    assert told(cast.ines).count(Notice.Kind.RESPONSES_PAUSED) == 1
    choices.resume(post, by=cast.rose)
    assert policy.may_respond(post.pk, Viewer(people[3].pk), at=NOW)


def with_rate(most: int):
    return settings.BESIDE.model_copy(update={"responses_an_hour": most})


@pytest.mark.thorough
def test_responses_close_when_most_come_from_accounts_made_lately(cast, post):
    take_responses(post)

    for number in range(10):
        respond(post, make_account(f"new{number}"), f"Number {number}.")

    assert ResponsePause.objects.exists()


def test_responses_close_at_an_authors_own_number(cast, post):
    take_responses(post)
    ResponseChoice.objects.filter(author=cast.tom).update(closes_at=2)

    respond(post, grown_up("one"), "One.")
    assert not ResponsePause.objects.exists()
    respond(post, grown_up("two"), "Two.")

    assert ResponsePause.objects.exists()


@pytest.mark.thorough
def test_somebody_who_has_left_reads_no_more_and_a_new_author_reads_all(cast, post):
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    response = in_hand(post, cast.ines, cast.nan)
    desk.pass_on(response.pk, by=cast.ines, at=NOW)

    coauthors.step_out(post, by=cast.tom, at=NOW)
    Authorship.objects.create(post=post, account=cast.ada, joined_at=NOW)

    assert not policy.passed_on_to(cast.tom, at=NOW)
    assert list(policy.passed_on_to(cast.ada, at=NOW)) == [response]
    # The new author hasn't said anything about responses.
    assert not policy.may_respond(post.pk, Viewer(cast.marit.pk), at=NOW)


@pytest.mark.thorough
def test_closing_an_account_ends_what_it_wrote_but_not_what_was_sealed(cast, post, data):
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    sealed = in_hand(post, cast.ines, cast.nan)
    desk.seal(sealed.pk, by=cast.ines, at=NOW)
    passed_on = in_hand(post, cast.ines, cast.nan, "Another one.")
    desk.pass_on(passed_on.pk, by=cast.ines, at=NOW)

    account_closures.close_and_destroy(cast.nan, at=NOW)

    assert not Response.objects.exists()
    seal = Seal.objects.get()
    assert seal.writer is None


def test_a_restore_brings_back_nothing_that_was_taken_back(cast, post):
    take_responses(post)
    response = respond(post, cast.nan)
    responses.take_back(response.pk, by=cast.nan, at=NOW)
    choices.end(post, by=cast.tom, at=NOW)
    log = list(Narrowing.objects.values_list("kind", "subject"))
    Response.objects.create(
        pk=response.pk, post=post, writer=cast.nan, words="Emil.", sent_at=NOW, waits_since=NOW
    )
    take_responses(post)

    for kind, subject in log:
        replaying.replay(kind, subject, at=NOW)

    assert not Response.objects.exists()
    assert choices.holds(post).responded_by == RespondedBy.NOBODY


def test_nobody_reads_first_what_somebody_apart_from_them_wrote(cast, post):
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    reads_first(cast.rose, cast.ada)
    response = respond(post, cast.nan)
    assert policy.readers_of(post, cast.nan) == [cast.ada, cast.ines]

    blocks.block(cast.nan, cast.ines, at=NOW)

    assert policy.readers_of(post, cast.nan) == [cast.ada]
    assert queue.take_next(cast.ines, at=NOW) is None
    assert queue.take_next(cast.ada, at=NOW) == response


def test_of_whoever_was_here_an_author_learns_nothing_past_a_block_or_on_quiet_days(cast, post):
    take_responses(post)
    there = Viewer(cast.nan.pk)
    responses.be_present(post.pk, by=cast.nan, viewer=there, at=NOW)
    blocks.block(cast.nan, cast.rose, at=NOW)

    assert list(policy.letters_with_presence(cast.tom, at=NOW)) == [post]
    assert not policy.letters_with_presence(cast.rose, at=NOW).exists()
    quiet_days.begin(cast.tom, HowLong.WEEK, at=NOW)
    assert not policy.letters_with_presence(cast.tom, at=NOW).exists()
    assert not policy.letters_with_presence(cast.ada, at=NOW).exists()
