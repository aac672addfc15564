from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from beside.notices.models import Notice
from beside.people import blocks, quiet_days, suspensions
from beside.people.models import Account, Narrowing
from beside.people.quiet_days import HowLong
from beside.posts.models import Audience
from beside.responses import (
    account_closures,
    choices,
    desk,
    inbox,
    policy,
    private_letter_choices,
    private_letter_policy,
    private_letters,
    queue,
    replaying,
    responses,
    seals,
)
from beside.responses.choices import WhoReadsFirst
from beside.responses.inbox import NoSuchResponse
from beside.responses.models import (
    PrivateLetterChoice,
    ReadFirst,
    Response,
    Seal,
    WrittenBy,
)
from beside.responses.private_letters import TakesNoLetters
from tests.cast import NOW, make_circle, make_post
from tests.responses.builders import (
    WORDS,
    letter_in_hand,
    passed_on,
    reads_first,
    respond,
    take_letters,
    take_responses,
    write,
)

pytestmark = pytest.mark.django_db
State = Response.State


def can_write(writer: Account, to: Account) -> bool:
    return private_letter_policy.may_write_to(to, writer)


def test_nobody_can_write_to_somebody_who_has_said_nothing(cast):
    make_circle(cast.rose, of=[cast.nan])

    with pytest.raises(TakesNoLetters):
        write(cast.nan, cast.rose)

    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("level", "who"),
    [
        (WrittenBy.NOBODY, set()),
        (WrittenBy.IN_MY_CIRCLES, {"nan"}),
        (WrittenBy.WHO_KNOW_ME, {"nan", "ines"}),
    ],
)
def test_each_level_lets_these_people_write(cast, level, who):
    """Nan is in a circle of Rose's; Ines has Rose in one of hers; Ada doesn't know of her."""
    make_circle(cast.rose, of=[cast.nan])
    make_circle(cast.ines, "others", of=[cast.rose])
    private_letter_choices.choose(cast.rose, level, ReadFirst.AUTHORS, at=NOW)

    able = {name for name in ("nan", "ines", "ada") if can_write(cast[name], cast.rose)}

    assert able == who


def test_letters_cannot_be_taken_before_it_is_said_who_reads_them_first(cast):
    with pytest.raises(WhoReadsFirst):
        private_letter_choices.choose(cast.rose, WrittenBy.WHO_KNOW_ME, at=NOW)

    reads_first(cast.rose, cast.ines)
    private_letter_choices.choose(cast.rose, WrittenBy.WHO_KNOW_ME, at=NOW)

    assert private_letter_choices.of(cast.rose).written_by == WrittenBy.WHO_KNOW_ME


@pytest.mark.thorough
def test_a_letter_is_read_first_by_the_one_who_screens_and_then_by_its_recipient_alone(cast):
    reads_first(cast.rose, cast.ines)
    letter = letter_in_hand(cast.rose, cast.ines, cast.nan)

    desk.pass_on(letter.pk, by=cast.ines, at=NOW)

    assert list(policy.passed_on_to(cast.rose, at=NOW)) == [letter]
    letter.refresh_from_db()
    assert not private_letters.shows_words(letter)
    for other in (cast.ines, cast.tom, cast.nan):
        assert not policy.passed_on_to(other, at=NOW).exists()
    told = Notice.objects.filter(kind=Notice.Kind.RESPONSE_PASSED_ON)
    assert [(one.recipient_id, one.about) for one in told] == [(cast.rose.pk, cast.rose.pk)]


@pytest.mark.thorough
def test_without_one_the_recipient_reads_it_first_or_nobody(cast):
    take_letters(cast.rose, read_first=ReadFirst.AUTHORS)
    take_letters(cast.tom, read_first=ReadFirst.NOBODY)

    to_rose, to_tom = write(cast.nan, cast.rose), write(cast.nan, cast.tom)

    assert queue.take_next(cast.rose, at=NOW) == to_rose
    assert queue.take_next(cast.tom, at=NOW) is None
    assert to_tom.state == State.WAITING
    waits = Notice.objects.filter(kind=Notice.Kind.RESPONSES_WAIT)
    assert [one.recipient_id for one in waits] == [cast.rose.pk]


@pytest.mark.thorough
def test_on_quiet_days_a_recipient_is_given_nothing_and_reads_nothing(cast):
    take_letters(cast.rose)
    write(cast.nan, cast.rose)
    passed_on(cast.rose, cast.ines)
    quiet_days.begin(cast.rose, HowLong.WEEK, at=NOW)

    assert queue.take_next(cast.rose, at=NOW) is None
    assert not policy.passed_on_to(cast.rose, at=NOW).exists()
    assert not private_letters.between(cast.rose, cast.ines, at=NOW).exists()


def test_on_quiet_days_somebody_who_reads_first_is_given_what_is_for_others(cast):
    reads_first(cast.rose, cast.ines)
    quiet_days.begin(cast.ines, HowLong.WEEK, at=NOW)
    take_letters(cast.rose)
    letter = write(cast.nan, cast.rose)

    assert queue.take_next(cast.ines, at=NOW) == letter


def test_whoever_was_written_to_may_answer_and_nobody_has_to_read_that_first(cast):
    passed_on(cast.rose, cast.nan)
    assert not can_write(cast.tom, cast.nan)

    answer = write(cast.rose, cast.nan)

    assert (answer.state, answer.at_once) == (State.PASSED_ON, True)
    assert list(policy.passed_on_to(cast.nan, at=NOW)) == [answer]


def test_a_letter_that_was_not_passed_on_lets_nobody_answer(cast):
    take_letters(cast.rose)
    write(cast.nan, cast.rose)

    assert not can_write(cast.rose, cast.nan)


def test_once_somebody_has_written_back_nothing_more_is_read_first(cast):
    reads_first(cast.rose, cast.ines)
    passed_on(cast.rose, cast.nan)
    still_first = write(cast.nan, cast.rose, "One more.")
    write(cast.rose, cast.nan)

    then = write(cast.nan, cast.rose, "And another.")

    still_first.refresh_from_db()
    assert (still_first.state, then.state) == (State.WAITING, State.PASSED_ON)


def test_an_author_writes_back_to_whoever_responded_in_their_own_name(cast):
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(post)
    for who, name in ((cast.nan, ""), (cast.marit, "A friend")):
        response = respond(post, who, f"Words of {who.pk}", pen_name=name)
        Response.objects.filter(pk=response.pk).update(state=State.PASSED_ON)

    assert can_write(cast.tom, cast.nan)
    assert not can_write(cast.tom, cast.marit)
    assert not can_write(cast.ines, cast.nan)


@pytest.mark.thorough
@pytest.mark.parametrize("blocker", ["rose", "nan"])
def test_a_block_ends_what_was_written_both_ways_and_what_will_be(cast, blocker):
    letter = passed_on(cast.rose, cast.nan)
    answer = write(cast.rose, cast.nan)
    other = cast.nan if blocker == "rose" else cast.rose

    blocks.block(cast[blocker], other, at=NOW)

    for me, them in ((cast.rose, cast.nan), (cast.nan, cast.rose)):
        assert not policy.passed_on_to(me, at=NOW).exists()
        assert not private_letters.between(me, them, at=NOW).exists()
        assert not can_write(me, them)
        with pytest.raises(TakesNoLetters):
            write(me, them)
    for one, by in ((letter, cast.rose), (answer, cast.nan)):
        with pytest.raises(NoSuchResponse):
            inbox.get(one.pk, by=by, at=NOW)


def test_a_suspended_account_is_written_to_by_nobody_and_read_by_nobody(cast):
    passed_on(cast.rose, cast.nan)
    suspensions.suspend(cast.nan.pk, because="", at=NOW)

    assert not policy.passed_on_to(cast.rose, at=NOW).exists()
    assert not can_write(cast.rose, cast.nan)
    assert not can_write(cast.nan, cast.rose)


def test_both_see_the_exchange_oldest_first(cast):
    first = passed_on(cast.rose, cast.nan)
    second = write(cast.rose, cast.nan)
    third = write(cast.nan, cast.rose, "And then?")

    for me, other in ((cast.rose, cast.nan), (cast.nan, cast.rose)):
        assert list(private_letters.between(me, other, at=NOW)) == [first, second, third]
    assert not private_letters.between(cast.tom, cast.nan, at=NOW).exists()


def test_a_writer_cannot_tell_what_became_of_a_letter_that_was_read_first(cast):
    letters = [passed_on(cast.rose, cast.nan), write(cast.nan, cast.rose, "Another.")]

    shown = {private_letters.shows_words(one) for one in letters}

    assert shown == {False}
    assert list(private_letters.between(cast.nan, cast.rose, at=NOW)) == letters


def test_a_writer_reads_an_answer_of_theirs_again(cast):
    passed_on(cast.rose, cast.nan)

    answer = write(cast.rose, cast.nan)

    assert private_letters.shows_words(answer)


@pytest.mark.thorough
def test_a_letter_that_is_taken_back_is_gone_for_both_and_after_a_restore(cast):
    letter = passed_on(cast.rose, cast.nan)
    responses.take_back(letter.pk, by=cast.nan, at=NOW)

    assert not private_letters.between(cast.nan, cast.rose, at=NOW).exists()
    assert not Notice.objects.filter(kind=Notice.Kind.RESPONSE_PASSED_ON).exists()
    letter.save(force_insert=True)
    logged = Narrowing.objects.get()
    replaying.replay(logged.kind, logged.subject, at=NOW)
    assert not Response.objects.exists()


def test_a_letter_is_never_shown_to_others(cast):
    letter = passed_on(cast.rose, cast.nan)

    with pytest.raises(NoSuchResponse):
        inbox.show(letter.pk, by=cast.rose, at=NOW)
    with pytest.raises(NoSuchResponse):
        inbox.stop_showing(letter.pk, by=cast.rose, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.update(shown_at=NOW)


@pytest.mark.thorough
def test_a_sealed_letter_is_kept_from_its_recipient_and_its_writer_can_be_blocked(cast):
    reads_first(cast.rose, cast.ines)
    letter = letter_in_hand(cast.rose, cast.ines, cast.nan)

    desk.seal_and_block(letter.pk, by=cast.ines, at=NOW)

    seal = Seal.objects.get()
    assert list(seals.kept_from(cast.rose, at=NOW)) == [seal]
    assert seals.read(seal.pk, by=cast.ines, reason="Asked.", at=NOW)["words"] == WORDS
    assert blocks.is_between(cast.rose, cast.nan)


@pytest.mark.thorough
def test_a_recipient_is_asked_and_answers(cast):
    reads_first(cast.rose, cast.ines)
    letter = letter_in_hand(cast.rose, cast.ines, cast.nan)
    desk.ask_authors(letter.pk, "It is about faith.", by=cast.ines, at=NOW)
    assert list(desk.asked_of(cast.rose, at=NOW)) == [letter]
    with pytest.raises(desk.NotInHand):
        desk.answer(letter.pk, by=cast.tom, wants=True, at=NOW)

    desk.answer(letter.pk, by=cast.rose, wants=True, at=NOW)

    assert list(policy.passed_on_to(cast.rose, at=NOW)) == [letter]
    kinds = set(Notice.objects.filter(recipient_id=cast.rose.pk).values_list("kind", flat=True))
    assert kinds == {Notice.Kind.RESPONSE_PASSED_ON}


@pytest.mark.thorough
def test_letters_close_by_themselves_when_many_come_and_answers_go_on(cast):
    passed_on(cast.rose, cast.ines)

    with pytest.raises(TakesNoLetters):
        _write_many(cast.nan, cast.rose)

    assert can_write(cast.rose, cast.ines)
    write(cast.rose, cast.ines)
    write(cast.ines, cast.rose)
    private_letter_choices.resume(cast.rose)
    assert can_write(cast.nan, cast.rose)


def _write_many(by: Account, to: Account) -> None:
    for number in range(60):
        write(by, to, f"Number {number}.")


def test_ending_letters_is_logged_and_replayed(cast):
    take_letters(cast.rose)
    private_letter_choices.end(cast.rose, at=NOW)
    assert not can_write(cast.nan, cast.rose)
    take_letters(cast.rose)

    logged = Narrowing.objects.get()
    replaying.replay(logged.kind, logged.subject, at=NOW)

    assert not can_write(cast.nan, cast.rose)


def test_what_waits_can_be_left_unread(cast):
    take_letters(cast.rose)
    write(cast.nan, cast.rose)
    assert policy.reads_own(cast.rose)

    choices.let_wait(cast.rose)

    assert not policy.reads_own(cast.rose)
    assert queue.take_next(cast.rose, at=NOW) is None
    assert not Notice.objects.filter(kind=Notice.Kind.RESPONSES_WAIT).exists()


def test_closing_an_account_takes_its_letters_and_its_choice_along(cast):
    passed_on(cast.rose, cast.nan)
    take_letters(cast.nan)

    account_closures.end_responses(cast.nan)

    assert not Response.objects.exists()
    assert not PrivateLetterChoice.objects.filter(account=cast.nan).exists()
    assert not Notice.objects.exclude(kind=Notice.Kind.RESPONSES_WAIT).exists()


def test_the_same_letter_is_written_once(cast):
    take_letters(cast.rose)
    key = uuid.uuid4()

    for _ in range(2):
        private_letters.write(key, cast.rose.pk, WORDS, by=cast.nan, at=NOW)

    assert Response.objects.count() == 1


@pytest.fixture
def unsigned_in(cast):
    """What somebody without an account wrote to Rose, as an answer to a note of thanks will be."""
    reads_first(cast.rose, cast.ines)
    answer = Response(pk=uuid.uuid4(), recipient=cast.rose, signed="Ingrid", words=WORDS)
    responses.deliver(answer, at_once=False, at=NOW)
    return answer


@pytest.mark.thorough
def test_somebody_without_an_account_is_read_first_like_everybody_else(cast, unsigned_in):
    assert queue.take_next(cast.ines, at=NOW) == unsigned_in

    desk.pass_on(unsigned_in.pk, by=cast.ines, at=NOW)

    assert list(policy.passed_on_to(cast.rose, at=NOW)) == [unsigned_in]


@pytest.mark.thorough
def test_nobody_without_an_account_is_answered_or_blocked(cast, unsigned_in):
    queue.take_next(cast.ines, at=NOW)

    desk.seal_and_block(unsigned_in.pk, by=cast.ines, at=NOW)

    read = seals.read(Seal.objects.get().pk, by=cast.ines, reason="Asked.", at=NOW)
    assert (read["writer"], read["address"], read["account"]) == ("Ingrid", "", "")
    assert not Response.objects.exclude(words="", signed="").exists()


def test_a_word_back_reaches_nobody_without_an_account(cast, unsigned_in):
    queue.take_next(cast.ines, at=NOW)

    desk.decline(unsigned_in.pk, by=cast.ines, at=NOW, reply="Thank you.")

    assert Response.objects.get().reply == ""
    assert not Notice.objects.filter(kind=Notice.Kind.RESPONSE_REPLIED).exists()


@pytest.mark.thorough
def test_two_without_an_account_who_say_the_same_are_decided_together(cast, unsigned_in):
    again = Response(pk=uuid.uuid4(), recipient=cast.rose, signed="Margit", words=WORDS)
    responses.deliver(again, at_once=False, at=NOW + timedelta(seconds=1))
    queue.take_next(cast.ines, at=NOW)

    desk.pass_on(unsigned_in.pk, by=cast.ines, at=NOW)

    assert policy.passed_on_to(cast.rose, at=NOW).count() == 2


def test_nobody_without_an_account_responds_to_a_letter(cast):
    post = make_post(cast.rose)

    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(post=post, sent_at=NOW, waits_since=NOW)


def test_a_response_has_a_letter_or_a_recipient(cast):
    post = make_post(cast.rose)

    for to in ({}, {"post": post, "recipient": cast.rose}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.create(writer=cast.nan, sent_at=NOW, waits_since=NOW, **to)
