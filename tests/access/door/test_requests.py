from __future__ import annotations

import uuid

import pytest

from beside.access.door import admissions, bans, requests, state
from beside.access.door.requests import AskedRecently, DoorClosed, RequestText, TooManyRequests
from beside.access.door.state import LAPSES_AFTER, State
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NOBODY, NothingToSee, Sight, Viewer
from beside.notices.models import Notice
from beside.people import blocks
from beside.posts import audiences
from beside.posts.models import Answer, Audience, Reason
from tests.access.door.letters import (
    AT_ONCE,
    DAY,
    LIVED,
    ask,
    asked,
    make_hidden,
    make_letter,
    sight,
)
from tests.broken import fails_at_first
from tests.cast import NOW, make_post

WAITING, DECLINED = AccessRequest.State.WAITING, AccessRequest.State.DECLINED


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom)


def notices(who):
    return list(Notice.objects.filter(recipient=who).values_list("kind", "about"))


def met(post, who, at=NOW):
    return state.statuses_at([post], Viewer(who.pk), at=at)[post.pk]


def test_after_a_yes_it_waits_and_each_author_is_told_of_the_letter_and_nobody(letter, cast):
    was_let_in = ask(letter, cast.ines)

    row = asked(letter, cast.ines)
    assert not was_let_in
    assert (row.state, row.reason, row.words) == (WAITING, Reason.LIVED, LIVED.words)
    assert row.lapses_at == NOW + LAPSES_AFTER
    assert notices(cast.rose) == notices(cast.tom)
    assert notices(cast.rose) == [(Notice.Kind.ACCESS_REQUESTED, letter.pk)]
    assert sight(letter, cast.ines) == Sight.DOOR
    assert [one.pk for one in requests.waiting_for(cast.tom, at=NOW)] == [row.pk]


def test_at_once_one_is_in_and_the_reason_was_never_kept(cast):
    letter = make_letter(cast.rose, cast.tom, door=AT_ONCE, door_is_shared=True)

    was_let_in = ask(letter, cast.ines)

    admission = Admission.objects.get()
    assert was_let_in
    assert not AccessRequest.objects.exists()
    assert (admission.is_shared, set(admission.by.all())) == (True, {cast.rose, cast.tom})
    assert sight(letter, cast.ines) == Sight.VEIL
    assert not Notice.objects.exists()


def test_each_reason_has_its_own_answer(cast):
    letter = make_letter(
        cast.rose, door={Reason.LIVED: Answer.AT_ONCE, Reason.CARE: Answer.AFTER_A_YES}
    )

    answers = {
        name: (
            ask(letter, cast[name], RequestText(reason, "I am here.")),
            sight(letter, cast[name]),
        )
        for name, reason in (("ines", "lived"), ("ada", "care"), ("nan", "understand"))
    }

    assert answers == {
        "ines": (True, Sight.VEIL),
        "ada": (False, Sight.DOOR),
        "nan": (False, Sight.DOOR),
    }
    assert [asked(letter, cast[name]).state for name in ("ada", "nan")] == [WAITING, DECLINED]


def test_a_no_looks_like_waiting_and_tells_nobody(cast):
    letter = make_letter(cast.rose, door={Reason.LIVED: Answer.AFTER_A_YES})
    ask(letter, cast.ines)
    told = notices(cast.rose)

    ask(letter, cast.ada, RequestText(Reason.LOVE, "I love someone."))

    row = asked(letter, cast.ada)
    assert (row.state, row.reason, row.words) == (DECLINED, "", "")
    assert met(letter, cast.ada) == met(letter, cast.ines)
    assert notices(cast.rose) == told
    assert requests.waiting_for(cast.rose, at=NOW).get().asker == cast.ines


@pytest.mark.parametrize("by", ["account", "address"])
def test_whoever_is_banned_by_any_author_seems_to_wait_even_where_others_are_let_in(cast, by):
    letter = make_letter(cast.rose, cast.tom, door=AT_ONCE)
    if by == "account":
        bans.ban(cast.tom, cast.ines, at=NOW)
    else:
        bans.ban_address(cast.tom, "INES@home.example", at=NOW)

    was_let_in = ask(letter, cast.ines)

    assert not was_let_in
    assert asked(letter, cast.ines).state == DECLINED
    assert met(letter, cast.ines).state == State.WAITING
    assert sight(letter, cast.ines) == Sight.DOOR
    assert not Notice.objects.exists()


def test_waiting_and_a_no_end_at_the_same_moment(cast):
    letter = make_letter(cast.rose, door={Reason.LIVED: Answer.AFTER_A_YES})
    ask(letter, cast.ines)
    ask(letter, cast.ada, RequestText(Reason.LOVE))
    before, after = NOW + LAPSES_AFTER - DAY, NOW + LAPSES_AFTER

    requests.lapse(before)
    just_before = [met(letter, who, before) for who in (cast.ines, cast.ada)]
    requests.lapse(after)
    just_after = [met(letter, who, after) for who in (cast.ines, cast.ada)]

    assert {one.state for one in just_before} == {State.WAITING}
    assert {one.state for one in just_after} == {State.OPEN}
    row = asked(letter, cast.ines)
    assert (row.state, row.reason, row.words) == (AccessRequest.State.LAPSED, "", "")
    assert notices(cast.rose) == []


def test_requests_that_cannot_be_ended_keep_no_others_from_it(cast, monkeypatch):
    for author in (cast.rose, cast.tom):
        ask(make_letter(author, door={Reason.LIVED: Answer.AFTER_A_YES}), cast.ines)
    waiting = AccessRequest.objects.filter(state=WAITING)
    fails_at_first(monkeypatch, admissions, "clear_notices")

    requests.lapse(NOW + LAPSES_AFTER)
    assert waiting.count() == Notice.objects.count() == 1

    requests.lapse(NOW + LAPSES_AFTER)
    assert waiting.count() == Notice.objects.count() == 0


def test_after_it_has_lapsed_one_may_ask_again_and_a_no_stays_a_no(cast):
    letter = make_letter(cast.rose, door={Reason.LIVED: Answer.AFTER_A_YES})
    ask(letter, cast.ines)
    ask(letter, cast.ada, RequestText(Reason.LOVE))
    later = NOW + LAPSES_AFTER
    requests.lapse(later)

    ask(letter, cast.ines, at=later)
    ask(letter, cast.ada, at=later)

    assert [asked(letter, who).state for who in (cast.ines, cast.ada)] == [WAITING, DECLINED]
    assert met(letter, cast.ines, later) == met(letter, cast.ada, later)


def test_asking_twice_is_asking_once(letter, cast):
    ask(letter, cast.ines)

    ask(letter, cast.ines, RequestText(Reason.LOVE, "Other words."), at=NOW + DAY)

    assert asked(letter, cast.ines).words == LIVED.words
    assert asked(letter, cast.ines).asked_at == NOW


def test_what_is_taken_back_is_gone_and_can_be_asked_again_after_thirty_days(cast):
    letter = make_letter(cast.rose, door={Reason.LIVED: Answer.AFTER_A_YES})
    ask(letter, cast.ines)
    ask(letter, cast.ada, RequestText(Reason.LOVE))

    for who in (cast.ines, cast.ada):
        requests.withdraw(letter.pk, by=who, at=NOW + DAY)

    assert asked(letter, cast.ines).words == asked(letter, cast.ines).reason == ""
    assert met(letter, cast.ines, NOW + DAY) == met(letter, cast.ada, NOW + DAY)
    assert met(letter, cast.ines, NOW + DAY).state == State.TOO_SOON
    assert notices(cast.rose) == []
    for who in (cast.ines, cast.ada):
        with pytest.raises(AskedRecently):
            ask(letter, who, at=NOW + LAPSES_AFTER - DAY)
        assert not ask(letter, who, at=NOW + LAPSES_AFTER)
    assert [asked(letter, who).state for who in (cast.ines, cast.ada)] == [WAITING, DECLINED]


def test_a_door_that_lets_nobody_in_is_closed(cast):
    letter = make_letter(cast.rose, door={})

    with pytest.raises(DoorClosed):
        ask(letter, cast.ines)

    assert met(letter, cast.ines).state == State.CLOSED


def test_an_eleventh_door_in_a_day_has_to_wait_until_tomorrow(cast):
    doors = [make_letter(cast.rose) for _ in range(requests.MOST_A_DAY + 1)]
    for letter in doors[:-1]:
        ask(letter, cast.ines)

    with pytest.raises(TooManyRequests):
        ask(doors[-1], cast.ines)

    assert not ask(doors[-1], cast.ines, at=NOW + DAY)


def test_only_whoever_stands_at_the_door_can_ask(letter, cast):
    private = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan])
    hidden = make_hidden(cast.rose)
    named = make_letter(cast.rose)
    admissions.admit(named, cast.ines.pk, message="", at=NOW)

    for post, who in (
        (letter, cast.rose),
        (letter, cast.max),
        (private, cast.ines),
        (private, cast.nan),
        (hidden, cast.ines),
        (named, cast.ines),
    ):
        with pytest.raises(NothingToSee):
            ask(post, who)
    with pytest.raises(NothingToSee):
        requests.ask(letter.pk, LIVED, by=NOBODY, at=NOW)
    assert not AccessRequest.objects.exists()


def test_by_its_address_a_door_is_found_that_no_letter_leads_to(cast):
    hidden = make_hidden(cast.rose)

    ask(hidden, cast.ines, address=hidden.door_address)

    assert asked(hidden, cast.ines).state == WAITING
    assert sight(hidden, cast.ines) == Sight.NOTHING
    admissions.let_in(asked(hidden, cast.ines), by=cast.rose, message="", at=NOW)
    assert sight(hidden, cast.ines) == Sight.VEIL


def test_an_address_made_anew_leaves_nothing_at_the_old_one(cast):
    hidden = make_hidden(cast.rose)
    old = hidden.door_address
    audiences.renew_door_address(hidden, by=cast.rose)
    hidden.refresh_from_db()

    with pytest.raises(NothingToSee):
        state.by_address(Viewer(cast.ines.pk), old, at=NOW)

    assert state.by_address(Viewer(cast.ines.pk), hidden.door_address, at=NOW).post == hidden


@pytest.mark.parametrize("why", ["blocked", "closed", "only for those named", "not signed in"])
def test_at_an_address_there_is_nothing_for(cast, why):
    hidden = make_hidden(cast.rose)
    viewer = Viewer(cast.ines.pk)
    if why == "blocked":
        blocks.block(cast.rose, cast.ines, at=NOW)
    elif why == "closed":
        hidden.state = "closed"
    elif why == "only for those named":
        hidden.words_for = hidden.photographs_for = Audience.PEOPLE
    else:
        viewer = NOBODY
    hidden.save()

    for address in (hidden.door_address, uuid.uuid4()):
        with pytest.raises(NothingToSee):
            state.by_address(viewer, address, at=NOW)


def test_nobody_waits_for_an_author_who_has_blocked_them(letter, cast):
    ask(letter, cast.ines)
    ask(letter, cast.ada)

    blocks.block(cast.rose, cast.ines, at=NOW)

    assert [one.asker for one in requests.waiting_for(cast.tom, at=NOW)] == [cast.ada]
