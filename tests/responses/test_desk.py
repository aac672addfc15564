from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access.conditions import Viewer
from beside.notices.models import Notice
from beside.people import blocks, quiet_days
from beside.people.delegations import NoSuchDelegation
from beside.people.models import Block, Delegation
from beside.people.quiet_days import HowLong
from beside.posts.models import Audience
from beside.responses import choices, desk, inbox, policy, queue, responses, seals
from beside.responses.desk import NotInHand
from beside.responses.inbox import ForAuthorsOnly, NoSuchResponse
from beside.responses.models import PutAwayResponse, Response, Seal
from beside.responses.seals import NoSuchSeal
from tests.cast import NOW, make_post
from tests.responses.builders import WORDS, in_hand, reads_first, respond, take_responses

pytestmark = pytest.mark.django_db
LATER = NOW + queue.IN_HAND


@pytest.fixture
def post(cast):
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(post)
    return post


@pytest.fixture
def ines(cast, post):
    """She reads first for Tom."""
    reads_first(cast.tom, cast.ines)
    return cast.ines


def told(account, kind=None):
    rows = Notice.objects.filter(recipient=account)
    return list((rows.filter(kind=kind) if kind else rows).values_list("kind", flat=True))


def readable(account, at=NOW):
    return list(policy.passed_on_to(account, at=at))


def test_nothing_reaches_the_authors_before_it_is_passed_on(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    assert (readable(cast.rose), told(cast.rose)) == ([], [])

    desk.pass_on(response.pk, by=ines, at=NOW)

    for author in (cast.rose, cast.tom):
        assert readable(author) == [response]
        assert told(author) == [Notice.Kind.RESPONSE_PASSED_ON]
    assert readable(ines) == []
    assert told(ines) == []


@pytest.mark.thorough
def test_two_who_read_first_never_have_the_same_in_hand(cast, post, ines):
    reads_first(cast.rose, cast.ada)
    first, second = respond(post, cast.nan), respond(post, cast.marit, "Another one.")

    assert queue.take_next(ines, at=NOW) == first
    assert queue.take_next(cast.ada, at=NOW) == second
    assert queue.take_next(ines, at=NOW) == first


@pytest.mark.thorough
def test_a_phone_that_died_loses_nothing(cast, post, ines):
    reads_first(cast.rose, cast.ada)
    response = in_hand(post, ines, cast.nan)
    assert queue.take_next(cast.ada, at=NOW) is None

    assert queue.take_next(cast.ada, at=LATER) == response

    with pytest.raises(NotInHand):
        desk.pass_on(response.pk, by=ines, at=LATER)


@pytest.mark.thorough
def test_one_that_was_put_off_comes_round_after_the_others(cast, post, ines):
    first, second = respond(post, cast.nan), respond(post, cast.marit, "Another one.")
    queue.take_next(ines, at=NOW)

    desk.decide_later(first.pk, by=ines, at=NOW + timedelta(minutes=1))

    assert queue.take_next(ines, at=NOW) == second
    desk.decline(second.pk, by=ines, at=NOW)
    assert queue.take_next(ines, at=NOW) == first


def test_one_that_was_declined_has_no_words_and_reaches_nobody(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    desk.decline(response.pk, by=ines, at=NOW)

    response.refresh_from_db()
    assert (response.words, response.state) == ("", Response.State.DECLINED)
    assert readable(cast.tom) == []
    assert told(cast.nan) == []


@pytest.mark.thorough
def test_its_writer_is_told_only_the_word_that_somebody_sends_them(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    desk.decline(response.pk, by=ines, at=NOW, reply="Thank you for writing.")

    response.refresh_from_db()
    assert (response.reply, response.reply_by) == ("Thank you for writing.", ines)
    assert told(cast.nan) == [Notice.Kind.RESPONSE_REPLIED]


@pytest.mark.thorough
def test_nobody_else_decides(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    for other in (cast.rose, cast.tom, cast.ada, cast.nan, cast.marit):
        for act in (desk.pass_on, desk.decline, desk.seal, desk.decide_later, desk.hand_over):
            with pytest.raises(NotInHand):
                act(response.pk, by=other, at=NOW)
    assert readable(cast.rose) == []


@pytest.mark.thorough
def test_a_screener_whose_delegation_ended_reads_and_decides_nothing(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    cast.tom.delegations.update(ended_at=NOW)

    assert queue.take_next(ines, at=NOW) is None
    with pytest.raises(NotInHand):
        desk.pass_on(response.pk, by=ines, at=NOW)


@pytest.mark.thorough
def test_what_says_the_same_is_decided_together(cast, post, ines):
    first = respond(post, cast.nan, "You should be ashamed.")
    again = respond(post, cast.marit, "you SHOULD be… ashamed")
    other = respond(post, cast.ada, "Thank you for this.")
    queue.take_next(ines, at=NOW)
    assert list(desk.alike(first)) == [first, again]

    desk.seal(first.pk, by=ines, at=NOW)

    states = Response.objects.filter(pk__in=[first.pk, again.pk]).values_list("state", flat=True)
    assert set(states) == {Response.State.SEALED}
    assert Seal.objects.count() == 2
    assert queue.take_next(ines, at=NOW) == other


@pytest.mark.thorough
def test_sealing_and_blocking_blocks_for_the_author_who_is_read_for(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    desk.seal_and_block(response.pk, by=ines, at=NOW)

    assert Block.objects.filter(blocker=cast.tom, blocked=cast.nan).exists()
    assert not Block.objects.filter(blocker=cast.rose, blocked=cast.nan).exists()
    assert Seal.objects.get().writer == cast.nan


@pytest.mark.thorough
def test_a_seal_holds_no_word_in_the_clear(cast, post, ines):
    response = in_hand(post, ines, cast.nan, "A cruel sentence.")

    desk.seal(response.pk, by=ines, at=NOW)

    seal = Seal.objects.get()
    assert b"cruel" not in bytes(seal.ciphertext)
    assert not Response.objects.exclude(words="").exists()
    assert seals.read(seal.pk, by=ines, reason="", at=NOW)["words"] == "A cruel sentence."


@pytest.mark.thorough
def test_only_who_sealed_it_opens_it_and_the_authors_see_that(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.seal(response.pk, by=ines, at=NOW)
    seal = Seal.objects.get()

    for other in (cast.rose, cast.tom, cast.nan, cast.ada):
        with pytest.raises(NoSuchSeal):
            seals.read(seal.pk, by=other, reason="", at=NOW)
    seals.read(seal.pk, by=ines, reason="Asked by Tom", at=NOW)

    (kept,) = seals.kept_from(cast.tom, at=NOW)
    assert [(one.by, one.reason) for one in kept.openings.all()] == [(ines, "Asked by Tom")]


@pytest.mark.thorough
def test_a_file_is_made_only_once_an_author_has_asked(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.seal(response.pk, by=ines, at=NOW)
    seal = Seal.objects.get()
    with pytest.raises(NoSuchSeal):
        seals.as_file(seal.pk, by=ines, at=NOW)

    seals.want_file(seal.pk, by=cast.rose, at=NOW)

    files = seals.as_file(seal.pk, by=ines, at=NOW)
    assert WORDS.encode() in files["response.json"]
    with pytest.raises(NoSuchSeal):
        seals.want_file(seal.pk, by=cast.ada, at=NOW)


def test_a_seal_ends_with_its_term(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.seal(response.pk, by=ines, at=NOW)
    seal = Seal.objects.get()

    seals.run_due(seal.ends_at - timedelta(seconds=1))
    assert Seal.objects.exists()
    with pytest.raises(NoSuchSeal):
        seals.read(seal.pk, by=ines, reason="", at=seal.ends_at)
    seals.run_due(seal.ends_at)
    assert not Seal.objects.exists()


@pytest.mark.thorough
def test_taking_back_leaves_nothing_but_what_was_sealed(cast, post, ines):
    sealed = in_hand(post, ines, cast.nan)
    desk.seal(sealed.pk, by=ines, at=NOW)
    passed_on = in_hand(post, ines, cast.nan, "Another one.")
    desk.pass_on(passed_on.pk, by=ines, at=NOW)
    waiting = respond(post, cast.nan, "A third one.")

    for one in (sealed, passed_on, waiting):
        responses.take_back(one.pk, by=cast.nan, at=NOW)

    assert not Response.objects.exists()
    assert seals.read(Seal.objects.get().pk, by=ines, reason="", at=NOW)["words"] == WORDS
    assert told(cast.rose) == []


def test_only_its_writer_takes_it_back(cast, post, ines):
    response = respond(post, cast.nan)

    for other in (cast.rose, ines, cast.ada):
        responses.take_back(response.pk, by=other, at=NOW)

    assert Response.objects.filter(pk=response.pk).exists()


@pytest.mark.thorough
def test_authors_are_asked_without_a_word_of_it(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    desk.ask_authors(response.pk, "It is about faith.", by=ines, at=NOW)

    assert readable(cast.rose) == []
    assert list(desk.asked_of(cast.rose, at=NOW)) == [response]
    assert told(cast.rose) == [Notice.Kind.RESPONSE_QUESTION]
    desk.answer(response.pk, by=cast.rose, wants=True, at=NOW)
    assert readable(cast.tom) == [response]
    assert told(cast.rose) == [Notice.Kind.RESPONSE_PASSED_ON]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("wants", "state"), [(False, Response.State.DECLINED), (None, Response.State.WAITING)]
)
def test_an_authors_other_answers_pass_nothing_on(cast, post, ines, wants, state):
    response = in_hand(post, ines, cast.nan)
    desk.ask_authors(response.pk, "It is about faith.", by=ines, at=NOW)

    desk.answer(response.pk, by=cast.rose, wants=wants, at=NOW)

    response.refresh_from_db()
    assert (response.state, response.question) == (state, "")
    with pytest.raises(NotInHand):
        desk.answer(response.pk, by=cast.tom, wants=True, at=NOW)


@pytest.mark.thorough
def test_a_block_after_the_question_ends_it(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.ask_authors(response.pk, "It is about faith.", by=ines, at=NOW)
    blocks.block(cast.tom, cast.nan, at=NOW)

    assert not desk.asked_of(cast.rose, at=NOW)
    with pytest.raises(NotInHand):
        desk.answer(response.pk, by=cast.rose, wants=True, at=NOW)


@pytest.mark.thorough
def test_a_screener_with_nobody_else_cannot_hand_over(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    with pytest.raises(NotInHand):
        desk.hand_over(response.pk, by=ines, at=NOW)

    reads_first(cast.rose, cast.ada)
    desk.hand_over(response.pk, by=ines, at=NOW)

    assert queue.take_next(ines, at=NOW) is None
    assert queue.take_next(cast.ada, at=NOW) == response


@pytest.mark.thorough
def test_what_was_handed_over_comes_back_when_nobody_else_is_left(cast, post, ines):
    other = reads_first(cast.rose, cast.ada)
    response = in_hand(post, ines, cast.nan)
    desk.hand_over(response.pk, by=ines, at=NOW)

    other.ended_at = NOW
    other.save()

    assert queue.take_next(ines, at=NOW) == response


def test_enough_for_today_puts_down_and_announces_nothing(cast, post, ines):
    response = in_hand(post, ines, cast.nan)

    queue.rest(ines, at=NOW)
    respond(post, cast.marit, "Another one.")

    assert told(ines) == []
    response.refresh_from_db()
    assert response.reader is None
    assert queue.is_resting(ines, at=NOW)
    assert not queue.is_resting(ines, at=NOW + timedelta(days=2))


def test_new_people_and_chosen_words_fall_to_the_end(cast, post, ines):
    cast.marit.joined_at = NOW - timedelta(days=9)
    cast.marit.save()
    new = respond(post, cast.nan)
    chosen = respond(post, cast.marit, "God needed another angel.")
    plain = respond(post, cast.marit, "Emil.")

    queue.sort_by(
        ines, new_people_last=True, many_at_once_last=False, words="another angel", at=NOW
    )

    order = list(queue.free_for(ines, at=NOW))
    assert order == [plain, new, chosen]


def test_nothing_is_announced_on_quiet_days_nor_after_them(cast, post, ines):
    quiet_days.begin(cast.rose, HowLong.DAY, at=NOW)
    response = in_hand(post, ines, cast.nan)

    desk.pass_on(response.pk, by=ines, at=NOW)

    after = NOW + timedelta(days=3)
    assert (readable(cast.rose), told(cast.rose)) == ([], [])
    assert (readable(cast.tom), readable(cast.rose, after)) == ([response], [response])
    assert told(cast.rose) == []


@pytest.mark.thorough
def test_a_block_hides_what_was_passed_on_before_it(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.pass_on(response.pk, by=ines, at=NOW)
    inbox.show(response.pk, by=cast.rose, at=NOW)
    assert list(policy.shown_with(post.pk, Viewer(cast.ada.pk), at=NOW)) == [response]

    blocks.block(cast.nan, cast.tom, at=NOW)

    assert readable(cast.tom) == []
    assert readable(cast.rose) == [response]
    assert not policy.shown_with(post.pk, Viewer(cast.ada.pk), at=NOW)


@pytest.mark.thorough
def test_readers_see_it_only_after_an_authors_own_yes(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.pass_on(response.pk, by=ines, at=NOW)
    ada = Viewer(cast.ada.pk)
    assert not policy.shown_with(post.pk, ada, at=NOW)
    for other in (ines, cast.nan, cast.ada):
        with pytest.raises(NoSuchResponse):
            inbox.show(response.pk, by=other, at=NOW)

    inbox.show(response.pk, by=cast.rose, at=NOW)
    assert list(policy.shown_with(post.pk, ada, at=NOW)) == [response]

    inbox.stop_showing(response.pk, by=cast.tom, at=NOW)
    assert not policy.shown_with(post.pk, ada, at=NOW)


@pytest.mark.thorough
def test_what_is_for_the_authors_only_is_never_shown(cast, post, ines):
    response = in_hand(post, ines, cast.nan, only_for_authors=True)
    desk.pass_on(response.pk, by=ines, at=NOW)

    with pytest.raises(ForAuthorsOnly):
        inbox.show(response.pk, by=cast.rose, at=NOW)


def test_putting_away_is_each_authors_own(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.pass_on(response.pk, by=ines, at=NOW)

    inbox.put_away(response.pk, by=cast.rose, at=NOW)

    assert not inbox.responses_to(cast.rose, at=NOW)
    assert list(inbox.responses_to(cast.rose, at=NOW, put_away=True)) == [response]
    assert list(inbox.responses_to(cast.tom, at=NOW)) == [response]
    inbox.take_out(response.pk, by=cast.rose)
    assert not PutAwayResponse.objects.exists()


@pytest.mark.thorough
def test_what_says_the_same_is_put_off_and_handed_over_together(cast, post, ines):
    first = respond(post, cast.nan, "You should be ashamed.")
    again = respond(post, cast.marit, "you should be ashamed")
    other = respond(post, cast.ada, "Thank you for this.")
    queue.take_next(ines, at=NOW)

    desk.decide_later(first.pk, by=ines, at=NOW + timedelta(minutes=1))

    assert queue.take_next(ines, at=NOW) == other
    desk.pass_on(other.pk, by=ines, at=NOW)
    reads_first(cast.rose, cast.ada)
    held = queue.take_next(ines, at=NOW)
    desk.hand_over(held.pk, by=ines, at=NOW)
    assert queue.take_next(ines, at=NOW) is None
    assert queue.take_next(cast.ada, at=NOW) in (first, again)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("wants", "state"), [(True, Response.State.PASSED_ON), (False, Response.State.DECLINED)]
)
def test_what_says_the_same_waits_for_the_authors_answer_with_it(cast, post, ines, wants, state):
    first = in_hand(post, ines, cast.nan, "You should be ashamed.")
    again = respond(post, cast.marit, "you should be ashamed")
    desk.ask_authors(first.pk, "It is about faith.", by=ines, at=NOW)

    assert queue.take_next(ines, at=NOW) is None
    desk.answer(first.pk, by=cast.rose, wants=wants, at=NOW)

    states = Response.objects.filter(pk__in=[first.pk, again.pk]).values_list("state", flat=True)
    assert set(states) == {state}


@pytest.mark.thorough
def test_what_waited_for_an_answer_comes_round_if_the_question_is_taken_back(cast, post, ines):
    first = in_hand(post, ines, cast.nan, "You should be ashamed.")
    again = respond(post, cast.marit, "you should be ashamed")
    desk.ask_authors(first.pk, "It is about faith.", by=ines, at=NOW)

    responses.take_back(first.pk, by=cast.nan, at=NOW)

    assert queue.take_next(ines, at=NOW) == again


@pytest.mark.thorough
def test_somebody_who_stops_reading_first_holds_nothing_up(cast, post, ines):
    reads_first(cast.rose, cast.ada)
    response = in_hand(post, ines, cast.nan)
    [mine] = queue.delegations_of(ines)

    queue.stop_reading(mine.pk, by=ines, at=NOW)

    assert not policy.reads_first(ines)
    assert told(ines) == []
    assert told(cast.tom) == [Notice.Kind.DELEGATION_ENDED]
    assert queue.take_next(cast.ada, at=NOW) == response


def test_only_a_delegation_to_read_first_is_ended_at_the_desk(cast, post, ines):
    other = Delegation.objects.create(
        author=cast.tom, delegate=ines, role="teller", offered_at=NOW, signed_at=NOW
    )

    with pytest.raises(NoSuchDelegation):
        queue.stop_reading(other.pk, by=ines, at=NOW)


@pytest.mark.thorough
def test_an_author_who_stops_reading_first_lets_everything_wait(cast, post):
    assert policy.reads_first(cast.rose)
    response = in_hand(post, cast.rose, cast.nan)

    choices.let_wait(cast.rose)

    assert not policy.reads_first(cast.rose)
    assert queue.take_next(cast.tom, at=NOW) is None
    assert told(cast.rose) == told(cast.tom) == []
    response.refresh_from_db()
    assert (response.state, response.reader) == (Response.State.WAITING, None)


def test_who_sealed_it_is_told_that_a_file_is_wanted(cast, post, ines):
    response = in_hand(post, ines, cast.nan)
    desk.seal(response.pk, by=ines, at=NOW)
    seal = Seal.objects.get()

    seals.want_file(seal.pk, by=cast.rose, at=NOW)
    seals.want_file(seal.pk, by=cast.tom, at=NOW)

    assert told(ines) == [Notice.Kind.SEAL_FILE_WANTED]
    seals.as_file(seal.pk, by=ines, at=NOW)
    assert told(ines) == []


@pytest.mark.thorough
def test_what_somebody_blocked_wrote_is_not_decided_with_what_says_the_same(cast, post, ines):
    first = respond(post, cast.nan, "Thank you for this.")
    again = respond(post, cast.marit, "thank you for this")
    blocks.block(cast.tom, cast.marit, at=NOW)
    queue.take_next(ines, at=NOW)
    assert list(desk.alike(first)) == [first]

    desk.pass_on(first.pk, by=ines, at=NOW)

    again.refresh_from_db()
    assert again.state == Response.State.WAITING
    assert readable(cast.rose) == [first]


def test_what_somebody_wrote_before_they_wrote_a_lot_keeps_its_place(cast, post, ines):
    sent = [respond(post, cast.nan, f"This is number {number}.") for number in range(7)]

    queue.sort_by(ines, new_people_last=False, many_at_once_last=True, words="", at=NOW)

    behind = Response.objects.filter(falls_behind=True)
    assert set(behind.values_list("pk", flat=True)) == {one.pk for one in sent[5:]}
