from __future__ import annotations

import pytest

from beside.access import replaying
from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Admission, Ban
from beside.access.policy import Sight
from beside.notices.models import Notice
from beside.people.models import Narrowing
from beside.posts import coauthors
from beside.posts.models import Answer, Reason
from tests.access.door.letters import AT_ONCE, DAY, ask, asked, make_letter, sight
from tests.cast import NOW, make_account, make_post

KIND = Narrowing.Kind


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom, door=AT_ONCE)


def test_whoever_was_let_in_is_out_at_once_and_isnt_told(letter, cast):
    ask(letter, cast.ines)
    before = sight(letter, cast.ines)

    bans.ban(cast.tom, cast.ines, at=NOW)

    assert (before, sight(letter, cast.ines)) == (Sight.VEIL, Sight.DOOR)
    assert not Admission.objects.exists()
    assert not Notice.objects.filter(recipient=cast.ines).exists()
    assert set(Narrowing.objects.values_list("kind", flat=True)) == {
        KIND.BANNED,
        KIND.ADMISSION_ENDED,
    }


def test_what_they_had_asked_is_declined_and_gone(cast):
    letter = make_letter(cast.rose, cast.tom)
    ask(letter, cast.ines)

    bans.ban_address(cast.rose, " Ines@Home.example ", at=NOW)

    row = asked(letter, cast.ines)
    assert (row.state, row.words) == (AccessRequest.State.DECLINED, "")
    assert not requests.waiting_for(cast.tom, at=NOW).exists()
    assert not Notice.objects.exists()


def test_what_a_door_that_one_has_left_let_in_to_stays_shut_when_one_lets_go_again(cast):
    left, shared = (
        make_letter(cast.rose, cast.tom, door=AT_ONCE, door_is_shared=True) for _ in range(2)
    )
    ask(left, cast.ines)
    before = sight(shared, cast.ines)
    coauthors.step_out(left, by=cast.rose, at=NOW)

    bans.ban(cast.rose, cast.ines, at=NOW)
    bans.lift(cast.rose, Ban.objects.get().pk)

    assert (before, sight(shared, cast.ines)) == (Sight.VEIL, Sight.DOOR)


def test_somebody_who_comes_later_with_that_address_is_banned_too(letter, cast):
    bans.ban_address(cast.rose, "eve@home.example", at=NOW)
    eve = make_account("eve")

    assert not ask(letter, eve)

    assert sight(letter, eve) == Sight.DOOR


def test_it_hides_nothing_else(cast):
    named = make_post(cast.rose, words_for=[cast.ines])

    bans.ban(cast.rose, cast.ines, at=NOW)

    assert sight(named, cast.ines) == Sight.WORDS


def test_other_authors_doors_are_none_of_it(cast):
    letter = make_letter(cast.tom, door=AT_ONCE)
    bans.ban(cast.rose, cast.ines, at=NOW)

    assert ask(letter, cast.ines)


def test_one_may_name_who_waits_or_was_let_in_and_not_who_met_silence(cast):
    letter = make_letter(cast.rose, door={Reason.LIVED: Answer.AFTER_A_YES})
    ask(letter, cast.ines)
    admissions.admit(letter, cast.ada.pk, message="", at=NOW)
    ask(letter, cast.nan, RequestText(Reason.CARE))

    assert set(bans.people_to_ban(cast.rose, at=NOW)) == {cast.ines, cast.ada}


def test_twice_is_once_and_oneself_never(cast):
    for _ in range(2):
        bans.ban(cast.rose, cast.ines, at=NOW)
        bans.ban_address(cast.rose, "x@home.example", at=NOW)
        bans.ban(cast.rose, cast.rose, at=NOW)

    assert Ban.objects.count() == Narrowing.objects.count() == 2


def test_letting_go_lets_nobody_in_and_keeps_no_address(letter, cast):
    ask(letter, cast.ines)
    bans.ban(cast.rose, cast.ines, at=NOW)
    bans.ban_address(cast.rose, "x@home.example", at=NOW)

    for row in bans.of(cast.rose):
        bans.lift(cast.rose, row.pk)

    assert sight(letter, cast.ines) == Sight.DOOR
    assert not Narrowing.objects.filter(kind=KIND.BANNED).exists()


def test_nobody_lets_go_of_whom_another_keeps_out(cast):
    bans.ban(cast.rose, cast.ines, at=NOW)

    bans.lift(cast.tom, Ban.objects.get().pk)

    assert Ban.objects.exists()


@pytest.mark.parametrize("by", ["account", "address", "an end"])
def test_over_an_older_copy_it_is_narrowed_again(letter, cast, by):
    ask(letter, cast.ines)
    if by == "account":
        bans.ban(cast.rose, cast.ines, at=NOW)
    elif by == "address":
        bans.ban_address(cast.rose, cast.ines.email, at=NOW)
    else:
        admissions.end(letter, cast.ines.pk, by=cast.rose, at=NOW)
    log = list(Narrowing.objects.values_list("kind", "subject", "at"))
    for table in (Ban, AccessRequest, Admission, Narrowing):
        table.objects.all().delete()
    admissions.admit(letter, cast.ines.pk, message="", at=NOW)

    for kind, subject, at in log:
        replaying.replay(kind, subject, at=at)

    assert sight(letter, cast.ines) == Sight.DOOR
    assert Ban.objects.exists() == (by != "an end")
    assert not ask(letter, cast.ines, at=NOW + 31 * DAY)
    assert asked(letter, cast.ines).state == AccessRequest.State.DECLINED
