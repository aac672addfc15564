from __future__ import annotations

import pytest

from beside.access.policy import NothingToSee, Sight, Viewer, photographs_of, see
from beside.notices.models import Notice
from beside.people.models import Account, Block, Narrowing
from beside.photos import hidden
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.photos.vault import keyring
from beside.posts import (
    approvals,
    audiences,
    coauthors,
    destroying,
    drafting,
    publishing,
    taking_back,
)
from beside.posts.approvals import AnotherRequestOpen
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, authors_of
from beside.posts.coauthors import (
    AlreadyDeclined,
    AnotherInvitationOpen,
    ApprovalPending,
    CannotInvite,
    InvitationEnded,
    LastAuthor,
    NotInvited,
    TooManyAuthors,
)
from beside.posts.drafting import PutHereByAnother, ShownByAll
from beside.posts.models import Audience, Authorship, CoauthorInvitation, Post
from tests.cast import NOW, make_post


@pytest.fixture
def draft(cast, sealed):
    return make_post(cast.rose, state=Post.State.DRAFT, photos=[sealed(cast.rose)])


def ask(post, cast, who="tom", *, by="rose", message="They’re yours as much as mine."):
    return coauthors.invite(post, cast[who], message=message, by=cast[by], at=NOW)


def say_yes(post, cast, who="tom"):
    return coauthors.accept(ask(post, cast, who), by=cast[who], at=NOW)


def told(account):
    return list(Notice.objects.filter(recipient=account).values_list("kind", flat=True))


def test_whoever_is_asked_meets_nothing_until_they_say_yes(cast, draft):
    ask(draft, cast)

    with pytest.raises(NothingToSee):
        see(Viewer(cast.tom.pk), draft.pk, at=NOW)
    assert authors_of(draft) == [cast.rose]
    assert told(cast.tom) == [Notice.Kind.COAUTHOR_INVITED]


def test_a_yes_makes_an_author_with_keys_of_their_own(cast, draft):
    say_yes(draft, cast)

    photo = Photo.objects.get()
    assert authors_of(draft) == [cast.rose, cast.tom]
    assert see(Viewer(cast.tom.pk), draft.pk, at=NOW).sight == Sight.PHOTOGRAPHS
    assert set(Hold.objects.filter(account=cast.tom).values_list("kind", flat=True)) == {
        Hold.Kind.ORIGINAL,
        Hold.Kind.SHOWN,
    }
    assert keyring.original_key(photo.pk)
    assert told(cast.rose) == [Notice.Kind.COAUTHOR_ACCEPTED]
    assert told(cast.tom) == []


def test_what_was_there_before_is_closed_for_them_until_they_say(cast, draft):
    say_yes(draft, cast)
    tom = Viewer(cast.tom.pk)
    photo = Photo.objects.get()
    before = photographs_of(draft, tom, at=NOW).get().is_open

    hidden.release(photo, account=cast.tom)

    assert not before
    assert photographs_of(draft, tom, at=NOW).get().is_open
    assert photographs_of(draft, Viewer(cast.rose.pk), at=NOW).get().is_open


def test_what_one_puts_in_afterwards_is_closed_for_the_other(cast, draft, sealed):
    say_yes(draft, cast)
    photo = sealed(cast.tom)

    drafting.place(draft, photo, by=cast.tom)

    assert list(HiddenPhoto.objects.filter(photo=photo).values_list("account", flat=True)) == [
        cast.rose.pk
    ]
    assert Hold.objects.filter(photo=photo, account=cast.rose).count() == 2


def test_putting_it_in_again_doesnt_close_it_again(cast, draft, sealed):
    say_yes(draft, cast)
    photo = sealed(cast.tom)
    drafting.place(draft, photo, by=cast.tom)
    hidden.release(photo, account=cast.rose)

    drafting.take_out(draft, photo, by=cast.tom)
    drafting.place(draft, photo, by=cast.rose)

    assert not HiddenPhoto.objects.filter(photo=photo).exists()


def test_nobody_can_put_what_the_other_put_here_into_a_letter_of_their_own(cast, draft, sealed):
    say_yes(draft, cast)
    photo = sealed(cast.tom)
    drafting.place(draft, photo, by=cast.tom)
    drafting.take_out(draft, photo, by=cast.rose)
    alone = make_post(cast.rose, state=Post.State.DRAFT)

    with pytest.raises(PutHereByAnother):
        drafting.place(alone, photo, by=cast.rose)


def test_nothing_is_put_before_readers_by_one_alone(cast, sealed):
    post = make_post(
        cast.rose, cast.tom, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE
    )

    with pytest.raises(ShownByAll):
        drafting.place(post, sealed(cast.tom), by=cast.tom)
    assert not post.placed.exists()


def test_asked_twice_is_asked_once(cast, draft):
    first = ask(draft, cast)

    assert ask(draft, cast).pk == first.pk
    assert told(cast.tom) == [Notice.Kind.COAUTHOR_INVITED]


def test_a_second_person_isnt_asked_while_one_is(cast, draft):
    ask(draft, cast)

    with pytest.raises(AnotherInvitationOpen):
        ask(draft, cast, "nan")


def test_a_third_hears_of_it_only_when_both_have_said_yes(cast, draft):
    say_yes(draft, cast)
    waiting = ask(draft, cast, "nan")

    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.nan, at=NOW)
    told_before = told(cast.nan)
    coauthors.approve_invitation(waiting, by=cast.tom, at=NOW)

    assert told_before == []
    assert told(cast.nan) == [Notice.Kind.COAUTHOR_INVITED]
    assert told(cast.tom) == []
    with pytest.raises(NothingToSee):
        see(Viewer(cast.nan.pk), draft.pk, at=NOW)


def of_three(draft, cast):
    say_yes(draft, cast)
    waiting = ask(draft, cast, "nan", by="tom")
    coauthors.approve_invitation(waiting, by=cast.rose, at=NOW)
    coauthors.accept(waiting, by=cast.nan, at=NOW)
    return draft


def test_a_third_holds_every_key_and_sees_nothing_until_they_say(cast, draft):
    of_three(draft, cast)

    photo = Photo.objects.get()
    nan = Viewer(cast.nan.pk)
    assert authors_of(draft) == [cast.rose, cast.tom, cast.nan]
    assert Hold.objects.filter(photo=photo, account=cast.nan).count() == 2
    assert not photographs_of(draft, nan, at=NOW).get().is_open
    assert Notice.Kind.COAUTHOR_ACCEPTED in told(cast.rose)
    assert Notice.Kind.COAUTHOR_ACCEPTED in told(cast.tom)


def test_a_fourth_needs_each_of_three(cast, draft):
    of_three(draft, cast)
    waiting = ask(draft, cast, "ines")

    coauthors.approve_invitation(waiting, by=cast.tom, at=NOW)

    assert coauthors.pending_authors(waiting) == [cast.nan]
    with pytest.raises(NotInvited):
        coauthors.find_invitation(waiting.pk, invitee=cast.ines)


def test_of_three_one_alone_still_ends_a_destroyed_hold_and_no_others(cast, draft):
    of_three(draft, cast)
    asked = destroying.ask_for_post(draft, by=cast.nan, at=NOW)

    destroying.run_due(asked.due_at)

    assert authors_of(draft) == [cast.rose, cast.tom]
    assert set(Hold.objects.values_list("account", flat=True)) == {cast.rose.pk, cast.tom.pk}


@pytest.mark.parametrize("who", ["rose", "tom"])
def test_any_author_ends_the_question_before_or_after_it_reached_somebody(cast, draft, who):
    say_yes(draft, cast)
    waiting = ask(draft, cast, "nan")
    coauthors.approve_invitation(waiting, by=cast.tom, at=NOW)

    coauthors.refuse_invitation(waiting, by=cast[who], at=NOW)

    assert told(cast.nan) == []
    assert (Notice.Kind.APPROVAL_DECLINED in told(cast.rose)) == (who == "tom")
    for late in (coauthors.approve_invitation, coauthors.refuse_invitation):
        with pytest.raises(InvitationEnded):
            late(waiting, by=cast.tom, at=NOW)


def test_nobody_but_an_author_agrees_to_asking(cast, draft):
    say_yes(draft, cast)
    waiting = ask(draft, cast, "nan")

    for who in (cast.nan, cast.ada):
        with pytest.raises(NotAnAuthor):
            coauthors.approve_invitation(waiting, by=who, at=NOW)


def test_who_is_kept_apart_from_one_of_them_isnt_asked_by_another(cast, draft):
    say_yes(draft, cast)

    with pytest.raises(CannotInvite):
        ask(draft, cast, "max")


def test_stepping_out_ends_the_question_whether_somebody_may_be_asked(cast, draft):
    say_yes(draft, cast)
    waiting = ask(draft, cast, "nan")
    coauthors.approve_invitation(waiting, by=cast.tom, at=NOW)

    coauthors.step_out(draft, by=cast.rose, at=NOW)

    assert coauthors.open_invitation(draft) is None
    assert told(cast.nan) == []
    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.nan, at=NOW)


@pytest.mark.thorough
def test_one_question_at_a_time(cast, draft):
    say_yes(draft, cast)
    Post.objects.filter(pk=draft.pk).update(words_for=Audience.ANYONE)
    draft.refresh_from_db()
    want = audiences.chosen(draft)
    approvals.request_approval(draft, want, publishes=True, message="", by=cast.rose, at=NOW)
    with pytest.raises(ApprovalPending):
        ask(draft, cast, "nan")
    approvals.withdraw(draft, by=cast.rose, at=NOW)
    ask(draft, cast, "nan")

    with pytest.raises(AnotherRequestOpen):
        approvals.request_approval(draft, want, publishes=True, message="", by=cast.tom, at=NOW)


def test_six_are_enough(cast, draft):
    for name in ("tom", "nan", "ines", "ada", "marit"):
        Authorship.objects.create(post=draft, account=cast[name], joined_at=NOW)
    Block.objects.all().delete()

    with pytest.raises(TooManyAuthors):
        ask(draft, cast, "max")


def test_a_no_is_told_and_final(cast, draft):
    coauthors.decline(ask(draft, cast), by=cast.tom, at=NOW)

    assert told(cast.rose) == [Notice.Kind.COAUTHOR_DECLINED]
    assert authors_of(draft) == [cast.rose]
    with pytest.raises(AlreadyDeclined):
        ask(draft, cast)


@pytest.mark.parametrize("who", ["rose", "nan"])
def test_only_whoever_is_asked_can_answer(cast, draft, who):
    waiting = ask(draft, cast)

    for answer in (coauthors.accept, coauthors.decline):
        with pytest.raises(NotInvited):
            answer(waiting, by=cast[who], at=NOW)


def test_a_question_that_was_taken_back_cant_be_answered(cast, draft):
    waiting = ask(draft, cast)
    coauthors.withdraw(draft, by=cast.rose)

    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.tom, at=NOW)
    assert told(cast.tom) == []
    assert not CoauthorInvitation.objects.exists()


def test_an_answer_holds_once(cast, draft):
    waiting = ask(draft, cast)
    coauthors.decline(waiting, by=cast.tom, at=NOW)

    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.tom, at=NOW)


def test_taking_the_letter_back_takes_the_question_back(cast, sealed):
    post = make_post(cast.rose, photos=[sealed(cast.rose)])
    waiting = ask(post, cast)

    taking_back.take_back(post, by=cast.rose, at=NOW)

    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.tom, at=NOW)
    with pytest.raises(TakenBackForGood):
        ask(post, cast)


@pytest.mark.parametrize("direction", ["rose", "tom"])
def test_a_block_keeps_a_question_from_being_asked_and_answered(cast, draft, direction):
    waiting = ask(draft, cast)
    other = {"rose": cast.tom, "tom": cast.rose}[direction]
    Block.objects.create(blocker=cast[direction], blocked=other, at=NOW)

    with pytest.raises(NotInvited):
        coauthors.accept(waiting, by=cast.tom, at=NOW)
    coauthors.withdraw(draft, by=cast.rose)
    with pytest.raises(CannotInvite):
        ask(draft, cast)


def test_nobody_asks_themselves_or_a_closed_account(cast, draft):
    Account.objects.filter(pk=cast.tom.pk).update(is_active=False)

    for who in ("rose", "tom"):
        with pytest.raises(CannotInvite):
            ask(draft, cast, who)


def test_somebody_elses_letter_is_nobodys_to_ask_for(cast, draft):
    with pytest.raises(NotAnAuthor):
        ask(draft, cast, "nan", by="tom")
    with pytest.raises(NotAnAuthor):
        coauthors.withdraw(draft, by=cast.tom)
    with pytest.raises(NotAnAuthor):
        coauthors.step_out(draft, by=cast.tom, at=NOW)


def test_stepping_out_takes_ones_own_photographs_along_and_nobodys_keys(cast, draft, sealed):
    say_yes(draft, cast)
    mine = sealed(cast.tom)
    drafting.place(draft, mine, by=cast.tom)
    holds = Hold.objects.count()

    coauthors.step_out(draft, by=cast.tom, at=NOW)

    assert authors_of(draft) == [cast.rose]
    assert not draft.placed.filter(photo=mine).exists()
    assert draft.placed.count() == 1
    assert Hold.objects.count() == holds
    assert Notice.Kind.STEPPED_OUT in told(cast.rose)
    assert Narrowing.objects.filter(kind=Narrowing.Kind.NARROWED).exists()
    with pytest.raises(NothingToSee):
        see(Viewer(cast.tom.pk), draft.pk, at=NOW)


def test_what_left_with_them_cant_be_put_back_without_them(cast, draft, sealed):
    say_yes(draft, cast)
    theirs = sealed(cast.tom)
    drafting.place(draft, theirs, by=cast.tom)
    coauthors.step_out(draft, by=cast.tom, at=NOW)

    with pytest.raises(PutHereByAnother):
        drafting.place(draft, theirs, by=cast.rose)


def test_stepping_out_stops_a_destruction_that_one_had_asked_for(cast, draft):
    say_yes(draft, cast)
    asked = destroying.ask_for_post(draft, by=cast.tom, at=NOW)

    coauthors.step_out(draft, by=cast.tom, at=NOW)

    asked.refresh_from_db()
    assert asked.stopped_at == NOW


def test_the_last_author_stays(cast, draft):
    with pytest.raises(LastAuthor):
        coauthors.step_out(draft, by=cast.rose, at=NOW)


def test_destroying_ends_ones_own_keys_and_never_the_others(cast, draft):
    say_yes(draft, cast)
    asked = destroying.ask_for_post(draft, by=cast.rose, at=NOW)
    with pytest.raises(WaitsForOthers):
        destroying.destroy_now(asked, by=cast.rose, at=NOW)

    destroying.run_due(asked.due_at)

    photo = Photo.objects.get()
    assert set(photo.holds.values_list("account", flat=True)) == {cast.tom.pk}
    assert authors_of(draft) == [cast.tom]
    assert keyring.original_key(photo.pk)


def test_an_account_that_is_closed_still_holds_back_what_would_go_to_more(cast, draft):
    say_yes(draft, cast)
    Post.objects.filter(pk=draft.pk).update(words_for=Audience.ANYONE)
    Account.objects.filter(pk=cast.tom.pk).update(is_active=False)

    with pytest.raises(WaitsForOthers):
        publishing.publish(draft, by=cast.rose, at=NOW)
