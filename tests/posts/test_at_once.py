from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from beside.notices.models import Notice
from beside.photos import uploads
from beside.photos.models import Hold, Photo
from beside.photos.vault.destroying import destroy
from beside.posts import (
    approvals,
    audiences,
    autosave,
    closing,
    coauthors,
    destroying,
    drafting,
    taking_back,
)
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.autosave import EditorPage
from beside.posts.coauthors import ApprovalPending, InvitationEnded, NotInvited
from beside.posts.drafting import LiesElsewhere
from beside.posts.models import (
    ApprovalRequest,
    Audience,
    Authorship,
    Autosave,
    Destruction,
    PlacedPhoto,
    Post,
)
from beside.posts.reach import Chosen, Reach
from beside.posts.text import Text
from tests.at_once import at_once
from tests.cast import NOW, make_post

pytestmark = pytest.mark.django_db(transaction=True)

ANYONE = Chosen(Reach(Audience.ANYONE), Reach())
LATER = NOW + timedelta(hours=1)
either_first = pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])


@pytest.fixture
def letter(cast, sealed):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[sealed(cast.rose)],
    )


@pytest.fixture
def question(cast, letter):
    return approvals.request_approval(
        letter, ANYONE, publishes=False, message="", by=cast.rose, at=NOW
    )


def agree(question, by):
    return lambda: approvals.approve(question, by=by, at=LATER)


def test_of_two_last_yeses_one_widens_and_both_count(cast, letter):
    Authorship.objects.create(post=letter, account=cast.ada, joined_at=NOW)
    question = approvals.request_approval(
        letter, ANYONE, publishes=False, message="", by=cast.rose, at=NOW
    )

    both = at_once(agree(question, cast.tom), agree(question, cast.ada))

    letter.refresh_from_db()
    question.refresh_from_db()
    assert both.raised() == []
    assert letter.words_for == Audience.ANYONE
    assert question.outcome == ApprovalRequest.Outcome.APPROVED
    assert question.approvals.count() == 3


@either_first
def test_a_narrowing_wins_over_the_last_yes(cast, letter, question, order):
    acts = [
        agree(question, cast.tom),
        lambda: audiences.show_to_nobody(letter, by=cast.rose, at=LATER),
    ]

    both = at_once(*acts[::order])

    letter.refresh_from_db()
    assert both.raised() == ([] if order == 1 else [ApprovalRequestEnded])
    assert letter.words_for == letter.photographs_for == Audience.ONLY_US
    assert not letter.grants.exists()


@either_first
def test_what_is_taken_back_while_somebody_agrees_stays_taken_back(cast, letter, question, order):
    acts = [
        agree(question, cast.tom),
        lambda: taking_back.take_back(letter, by=cast.rose, at=LATER),
    ]

    both = at_once(*acts[::order])

    letter.refresh_from_db()
    assert set(both.raised()) <= {ApprovalRequestEnded, TakenBackForGood}
    assert letter.state == Post.State.TAKEN_BACK
    assert not Hold.objects.filter(kind=Hold.Kind.SHOWN).exists()


@either_first
def test_a_question_ended_while_somebody_agrees_widens_only_if_the_yes_was_first(
    cast, letter, question, order
):
    acts = [
        agree(question, cast.tom),
        lambda: approvals.decline(question, by=cast.rose, at=LATER),
    ]

    both = at_once(*acts[::order])

    letter.refresh_from_db()
    assert both.raised() == [ApprovalRequestEnded]
    assert (letter.words_for == Audience.ANYONE) == (order == 1)


def test_of_two_questions_at_once_one_is_asked(cast, letter):
    def ask(by):
        return lambda: approvals.request_approval(
            letter, ANYONE, publishes=False, message="", by=by, at=NOW
        )

    both = at_once(ask(cast.rose), ask(cast.tom))

    assert both.raised() == [AnotherRequestOpen]
    assert ApprovalRequest.objects.count() == 1


def test_two_first_keeps_of_one_draft_lose_no_word(cast, db):
    draft = uuid4()

    def keep(words):
        def act():
            post = drafting.begin(draft, by=cast.rose, at=NOW)
            page = EditorPage(uuid4(), version=1)
            return autosave.save(post, Text().changed(words=words), by=cast.rose, page=page, at=NOW)

        return act

    both = at_once(keep("The one page."), keep("The other page."))

    assert both.raised() == []
    assert Post.objects.get().words == "The one page."
    assert Autosave.objects.get().fields["words"] == "The other page."


def test_an_id_that_somebody_begins_at_the_same_moment_is_not_mine(cast):
    draft = uuid4()

    both = at_once(
        lambda: drafting.begin(draft, by=cast.rose, at=NOW),
        lambda: drafting.begin(draft, by=cast.nan, at=NOW),
    )

    assert both.raised() == [NotAnAuthor]
    assert Authorship.objects.get().account == cast.rose


def test_a_photograph_laid_into_two_letters_at_once_lies_in_one(cast, sealed):
    photo = sealed(cast.rose)
    one, other = (make_post(cast.rose, state=Post.State.DRAFT) for _ in range(2))

    both = at_once(
        lambda: drafting.place(one, photo, by=cast.rose),
        lambda: drafting.place(other, photo, by=cast.rose),
    )

    assert both.raised() == [LiesElsewhere]
    assert PlacedPhoto.objects.get().post == one


def test_a_yes_said_twice_at_once_makes_one_author(cast, sealed):
    letter = make_post(cast.rose, photos=[sealed(cast.rose)], state=Post.State.DRAFT)
    asked = coauthors.invite(letter, cast.tom, message="", by=cast.rose, at=NOW)

    both = at_once(
        lambda: coauthors.accept(asked, by=cast.tom, at=NOW),
        lambda: coauthors.accept(asked, by=cast.tom, at=NOW),
    )

    assert both.raised() == [NotInvited]
    assert Authorship.objects.filter(post=letter, account=cast.tom).count() == 1
    assert Hold.objects.filter(account=cast.tom).count() == 2


@either_first
def test_whoever_comes_to_a_letter_while_it_is_destroyed_keeps_it_or_finds_nothing(
    cast, sealed, order
):
    letter = make_post(cast.rose, photos=[sealed(cast.rose)], state=Post.State.DRAFT)
    asked = coauthors.invite(letter, cast.tom, message="", by=cast.rose, at=NOW)
    doomed = destroying.ask_for_post(letter, by=cast.rose, at=NOW)
    acts = [
        lambda: coauthors.accept(asked, by=cast.tom, at=LATER),
        lambda: destroying.destroy_now(doomed, by=cast.rose, at=LATER),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([WaitsForOthers] if order == 1 else [NotInvited])
    assert Post.objects.exists() == Photo.objects.exists() == (order == 1)
    assert Hold.objects.filter(account=cast.tom).exists() == (order == 1)


def test_two_authors_who_let_go_at_once_leave_nothing(cast, letter):
    photo = letter.placed.get().photo
    drafting_holds = lambda: drafting.give_unseen(photo, to=cast.tom)  # noqa: E731
    at_once(drafting_holds, lambda: None)
    doomed = [destroying.ask_for_post(letter, by=by, at=NOW) for by in (cast.rose, cast.tom)]
    due = NOW + destroying.DAYS_TO_THINK

    both = at_once(lambda: destroying.carry_out(doomed[0], at=due), lambda: destroying.run_due(due))

    assert both.raised() == []
    assert not Hold.objects.exists()
    assert not Photo.objects.exists()
    assert not Post.objects.exists()


def test_two_workers_carry_out_a_destruction_once(cast, letter):
    destroying.ask_for_post(letter, by=cast.rose, at=NOW)
    due = NOW + destroying.DAYS_TO_THINK

    both = at_once(lambda: destroying.run_due(due), lambda: destroying.run_due(due))

    assert both.raised() == []
    assert Destruction.objects.get().done_at == due


@either_first
def test_stepping_out_and_what_is_due_do_not_wait_for_each_other_for_ever(cast, letter, order):
    destroying.ask_for_post(letter, by=cast.rose, at=NOW)
    due = NOW + destroying.DAYS_TO_THINK
    acts = [
        lambda: coauthors.step_out(letter, by=cast.rose, at=due),
        lambda: destroying.run_due(due),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NotAnAuthor])
    assert list(Authorship.objects.values_list("account", flat=True)) == [cast.tom.pk]


@either_first
def test_closing_everything_while_one_letter_is_taken_back_does_both(cast, letter, order):
    other = make_post(cast.rose, words_for=[cast.nan])
    acts = [
        lambda: taking_back.take_back(letter, by=cast.tom, at=LATER),
        lambda: closing.close_everything(cast.rose, at=LATER),
    ]

    both = at_once(*acts[::order])

    letter.refresh_from_db()
    other.refresh_from_db()
    assert both.raised() == []
    assert letter.state == Post.State.TAKEN_BACK
    assert other.state == Post.State.CLOSED


def test_a_photograph_asked_to_be_destroyed_twice_at_once_is_asked_for_once(cast, sealed):
    photo = sealed(cast.rose)

    both = at_once(
        lambda: destroying.ask_for_photo(photo, by=cast.rose, at=NOW),
        lambda: destroying.ask_for_photo(photo, by=cast.rose, at=LATER),
    )

    assert both.raised() == []
    assert Destruction.objects.get().asked_at == NOW


def test_a_photograph_that_comes_to_a_letter_of_two_and_a_destroy_let_each_other_through(
    cast, letter, sealed, ring
):
    closing.close(letter, by=cast.rose, at=NOW)
    doomed, coming = sealed(cast.rose), []

    def begin():
        coming.append(uploads.begin(cast.rose, 1000, at=NOW).photo)

    both = at_once(
        begin,
        lambda: destroy(Hold.objects.filter(photo=doomed), at=NOW),
        then=lambda: drafting.place(letter, coming[0], by=cast.rose),
    )

    assert both.raised() == []
    assert Hold.objects.filter(photo=coming[0]).count() == 4
    assert not Hold.objects.filter(photo=doomed).exists()


def test_a_door_that_widens_and_a_closing_leave_it_closed(cast, db):
    letter = make_post(cast.rose, words_for=[cast.nan])

    both = at_once(
        lambda: audiences.change(
            letter, replace(audiences.chosen(letter), words=ANYONE.words), by=cast.rose, at=NOW
        ),
        lambda: closing.close(letter, by=cast.rose, at=LATER),
    )

    letter.refresh_from_db()
    assert both.raised() == []
    assert (letter.state, letter.words_for) == (Post.State.CLOSED, Audience.ANYONE)


@either_first
def test_whoever_comes_while_one_steps_out_has_been_agreed_to_by_all_who_stay(cast, letter, order):
    asked = coauthors.invite(letter, cast.ada, message="", by=cast.rose, at=NOW)
    coauthors.approve_invitation(asked, by=cast.tom, at=NOW)

    def comes():
        coauthors.accept(asked, by=cast.ada, at=LATER)

    def goes():
        coauthors.step_out(letter, by=cast.tom, at=LATER)

    both = at_once(*(comes, goes)[::order])

    came = Authorship.objects.filter(post=letter, account=cast.ada).exists()
    assert came == (both.raised() == [])
    assert both.raised() in ([], [NotInvited])
    assert not Authorship.objects.filter(post=letter, account=cast.tom).exists()


@either_first
def test_the_last_yes_to_asking_and_an_end_of_it_dont_both_count(cast, letter, order):
    asked = coauthors.invite(letter, cast.ada, message="", by=cast.rose, at=NOW)

    def says_yes():
        coauthors.approve_invitation(asked, by=cast.tom, at=LATER)

    both = at_once(*(says_yes, lambda: coauthors.withdraw(letter, by=cast.rose))[::order])

    assert both.raised() in ([], [InvitationEnded])
    assert coauthors.open_invitation(letter) is None
    assert not Notice.objects.filter(recipient=cast.ada).exists()


@either_first
def test_somebody_further_and_more_people_are_never_asked_for_at_once(cast, letter, order):
    def somebody():
        coauthors.invite(letter, cast.ada, message="", by=cast.rose, at=NOW)

    def more():
        approvals.request_approval(letter, ANYONE, publishes=False, message="", by=cast.tom, at=NOW)

    both = at_once(*(somebody, more)[::order])

    assert both.raised() in ([AnotherRequestOpen], [ApprovalPending])
    is_asked = coauthors.open_invitation(letter) is not None
    assert is_asked != ApprovalRequest.objects.filter(post=letter).exists()
