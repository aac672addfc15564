from __future__ import annotations

import pytest

from beside.access import preview
from beside.access.door import admissions, bans, requests
from beside.access.door.admissions import NotWaiting
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, Sight, Viewer
from beside.notices.models import Notice
from beside.people import blocks
from beside.people.models import Account, Narrowing
from beside.posts import closing
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Authorship, Post
from tests.access.door.letters import DAY, ask, asked, make_hidden, make_letter, sight
from tests.cast import NOW

KIND = Notice.Kind


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom)


@pytest.fixture
def request_(letter, cast):
    ask(letter, cast.ines)
    return asked(letter, cast.ines)


def test_one_authors_yes_lets_in_and_what_was_written_is_gone(letter, cast, request_):
    admissions.let_in(request_, by=cast.tom, message=" Come in. ", at=NOW)

    assert sight(letter, cast.ines) == Sight.VEIL
    assert not AccessRequest.objects.exists()
    assert Admission.objects.get().message == "Come in."
    assert list(Notice.objects.values_list("recipient", "kind", "about")) == [
        (cast.ines.pk, KIND.ADMITTED, letter.pk)
    ]


@pytest.mark.parametrize("who", ["nan", "ines", "marit"])
def test_nobody_else_lets_in_or_declines(letter, cast, request_, who):
    for act in (admissions.decline, admissions.let_in):
        more = {"message": ""} if act is admissions.let_in else {}
        with pytest.raises(NotAnAuthor):
            act(request_, by=cast[who], at=NOW, **more)

    assert not admissions.may_decide(letter, cast[who])
    assert sight(letter, cast.ines) == Sight.DOOR


def test_a_no_is_told_to_nobody_and_takes_the_line_away(letter, cast, request_):
    admissions.decline(request_, by=cast.rose, at=NOW + DAY)

    row = asked(letter, cast.ines)
    assert (row.state, row.reason, row.words) == ("declined", "", "")
    assert not Notice.objects.exists()
    assert not requests.waiting_for(cast.tom, at=NOW).exists()


def test_what_is_answered_or_taken_back_is_not_answered_again(letter, cast, request_):
    admissions.decline(request_, by=cast.rose, at=NOW)

    with pytest.raises(NotWaiting):
        admissions.let_in(request_, by=cast.tom, message="", at=NOW)

    assert sight(letter, cast.ines) == Sight.DOOR


@pytest.mark.parametrize("what", ["a block", "a ban", "a closing", "too late", "left"])
def test_whatever_narrowed_meanwhile_wins(letter, cast, request_, what):
    at = NOW
    if what == "a block":
        blocks.block(cast.tom, cast.ines, at=NOW)
    elif what == "a ban":
        bans.ban_address(cast.tom, cast.ines.email, at=NOW)
    elif what == "a closing":
        closing.close(letter, by=cast.rose, at=NOW)
    elif what == "left":
        Account.objects.filter(pk=cast.ines.pk).update(is_active=False)
    else:
        at = request_.lapses_at

    with pytest.raises(NotWaiting):
        admissions.let_in(request_, by=cast.rose, message="", at=at)

    assert not Admission.objects.exists()


def test_let_in_no_more_holds_at_once_and_says_nothing(letter, cast, request_):
    admissions.let_in(request_, by=cast.tom, message="", at=NOW)

    admissions.end(letter, cast.ines.pk, by=cast.rose, at=NOW + DAY)

    assert sight(letter, cast.ines, at=NOW + DAY) == Sight.DOOR
    assert not Notice.objects.exists()
    logged = Narrowing.objects.get(kind=Narrowing.Kind.ADMISSION_ENDED)
    assert logged.subject == {"post": str(letter.pk), "account": str(cast.ines.pk)}
    ask(letter, cast.ines, at=NOW + 31 * DAY)
    assert asked(letter, cast.ines).state == AccessRequest.State.DECLINED
    assert not Notice.objects.exists()


def test_only_an_author_ends_it(letter, cast, request_):
    admissions.let_in(request_, by=cast.tom, message="", at=NOW)

    with pytest.raises(NotAnAuthor):
        admissions.end(letter, cast.ines.pk, by=cast.nan, at=NOW)

    assert sight(letter, cast.ines) == Sight.VEIL


def test_let_in_to_what_is_shared_reaches_the_others_and_ends_with_it(cast):
    here, there = (make_letter(cast.rose, cast.tom, door_is_shared=True) for _ in range(2))
    alone = make_letter(cast.rose, door_is_shared=True)
    ask(here, cast.ines)
    admissions.let_in(asked(here, cast.ines), by=cast.rose, message="", at=NOW)
    reached = [one.account for one in admissions.admissions_to(there)]
    before = [sight(post, cast.ines) for post in (here, there, alone)]

    admissions.end(there, cast.ines.pk, by=cast.tom, at=NOW)

    assert before == [Sight.VEIL, Sight.VEIL, Sight.DOOR]
    assert reached == [cast.ines]
    assert [sight(post, cast.ines) for post in (here, there)] == [Sight.DOOR, Sight.DOOR]


def test_let_in_at_a_door_of_one_letters_own_opens_no_other(cast):
    own_door = make_letter(cast.rose, door_is_shared=False)
    shared = make_letter(cast.rose, door_is_shared=True)
    ask(own_door, cast.nan)

    admissions.let_in(asked(own_door, cast.nan), by=cast.rose, message="", at=NOW)

    assert sight(own_door, cast.nan) > Sight.DOOR
    assert sight(shared, cast.nan) == Sight.DOOR


def test_whoever_has_left_the_other_letter_ends_only_what_is_theirs(cast):
    here, there = (make_letter(cast.rose, cast.tom, door_is_shared=True) for _ in range(2))
    ask(here, cast.ines)
    admissions.let_in(asked(here, cast.ines), by=cast.rose, message="", at=NOW)
    Authorship.objects.filter(post=here, account=cast.tom).delete()

    admissions.end(there, cast.ines.pk, by=cast.tom, at=NOW)

    assert sight(here, cast.ines) == Sight.VEIL
    assert sight(there, cast.ines) == Sight.DOOR


def test_who_has_been_let_in_is_listed_by_name_and_nobody_else(letter, cast, request_):
    admissions.let_in(request_, by=cast.tom, message="", at=NOW)

    people = preview.named_only(preview.people_now(letter), letter)

    assert people == {cast.ines: Sight.VEIL}


def test_seen_as_a_reader_an_author_learns_nothing_of_what_they_asked(letter, cast, request_):
    with preview.seen_as(letter, Viewer(cast.ines.pk), at=NOW) as seen:
        assert seen.sight == Sight.DOOR
        assert not AccessRequest.objects.exists()
    assert AccessRequest.objects.count() == 1


def test_what_was_said_is_for_whoever_was_let_in(letter, cast, request_):
    admissions.let_in(request_, by=cast.tom, message="Come in.", at=NOW)

    _post, admission = admissions.admission_of(Viewer(cast.ines.pk), letter.pk, at=NOW)

    assert admission.message == "Come in."
    with pytest.raises(NothingToSee):
        admissions.admission_of(Viewer(cast.ada.pk), letter.pk, at=NOW)


def test_a_letter_that_is_only_a_door_lets_the_words_be_read(cast):
    hidden = make_hidden(cast.rose)
    ask(hidden, cast.ines, address=hidden.door_address)

    admissions.let_in(asked(hidden, cast.ines), by=cast.rose, message="", at=NOW)

    assert sight(hidden, cast.ines) == Sight.VEIL
    assert Post.objects.get(pk=hidden.pk).door_address == hidden.door_address
