from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from beside.notices.models import Notice
from beside.people.models import Account
from beside.posts import addenda, approvals, audiences, autosave, closing, coauthors, taking_back
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded, NothingToApprove
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor
from beside.posts.autosave import EditorPage
from beside.posts.models import Approval, ApprovalRequest, Audience, Post
from beside.posts.reach import Chosen, NoteNeeded, Reach
from beside.posts.text import text_of
from tests.broken import fails_at_first
from tests.cast import NOW, make_post

ANYONE = Reach(Audience.ANYONE, signed_in=False)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def draft(cast):
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words_for=Audience.ANYONE)


@pytest.fixture
def letter(cast, sealed):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[sealed(cast.rose)],
    )


def ask(post, cast, want=None, *, publishes=False, by="rose"):
    want = want or audiences.chosen(post)
    return approvals.request_approval(
        post, want, publishes=publishes, message="", by=cast[by], at=NOW
    )


def told(account):
    return list(Notice.objects.filter(recipient=account).values_list("kind", flat=True))


def state_of(post):
    post.refresh_from_db()
    return post.state


def test_asking_changes_nothing_yet(cast, draft):
    asked = ask(draft, cast, publishes=True)

    assert state_of(draft) == Post.State.DRAFT
    assert approvals.pending_authors(asked) == [cast.tom]
    assert told(cast.tom) == [Notice.Kind.APPROVAL_REQUESTED]


def test_the_last_yes_publishes(cast, draft):
    asked = ask(draft, cast, publishes=True)

    approvals.approve(asked, by=cast.tom, at=LATER)

    assert state_of(draft) == Post.State.PUBLISHED
    assert draft.published_at == LATER
    asked.refresh_from_db()
    assert asked.outcome == ApprovalRequest.Outcome.APPROVED
    assert told(cast.rose) == [Notice.Kind.APPROVED]
    assert told(cast.tom) == []


def test_of_three_each_has_to_say_it(cast):
    post = make_post(
        cast.rose, cast.tom, cast.nan, state=Post.State.DRAFT, words_for=Audience.ANYONE
    )
    asked = ask(post, cast, publishes=True)

    approvals.approve(asked, by=cast.tom, at=NOW)
    approvals.approve(asked, by=cast.tom, at=NOW)

    assert state_of(post) == Post.State.DRAFT
    approvals.approve(asked, by=cast.nan, at=NOW)
    assert state_of(post) == Post.State.PUBLISHED


def test_whoever_asked_cant_answer_for_the_other(cast, draft):
    asked = ask(draft, cast, publishes=True)

    approvals.approve(asked, by=cast.rose, at=NOW)

    assert state_of(draft) == Post.State.DRAFT


@pytest.mark.parametrize("who", ["nan", "max"])
def test_nobody_else_can_ask_or_answer(cast, draft, who):
    asked = ask(draft, cast, publishes=True)

    for act in (approvals.approve, approvals.decline):
        with pytest.raises(NotAnAuthor):
            act(asked, by=cast[who], at=NOW)
    with pytest.raises(NotAnAuthor):
        ask(draft, cast, publishes=True, by=who)
    with pytest.raises(NotAnAuthor):
        approvals.withdraw(draft, by=cast[who], at=NOW)


def test_the_last_yes_widens_to_exactly_what_was_asked(cast, letter):
    want = replace(audiences.chosen(letter), words=ANYONE)
    asked = ask(letter, cast, want)
    before = audiences.chosen(letter)

    approvals.approve(asked, by=cast.tom, at=NOW)

    letter.refresh_from_db()
    assert before.words.audience == Audience.PEOPLE
    assert audiences.chosen(letter) == want


def test_the_last_yes_lets_photographs_lie_open(cast, letter):
    asked = ask(letter, cast, replace(audiences.chosen(letter), veiled=False))

    approvals.approve(asked, by=cast.tom, at=NOW)

    letter.refresh_from_db()
    assert not letter.veiled


def test_the_last_yes_opens_a_closed_letter_again(cast, letter):
    closing.close(letter, by=cast.tom, at=NOW)
    asked = ask(letter, cast, publishes=True)

    approvals.approve(asked, by=cast.tom, at=NOW)

    assert state_of(letter) == Post.State.PUBLISHED


def test_a_yes_to_a_closed_letters_audience_doesnt_open_it(cast, letter):
    closing.close(letter, by=cast.tom, at=NOW)
    asked = ask(letter, cast, replace(audiences.chosen(letter), words=ANYONE))

    approvals.approve(asked, by=cast.tom, at=NOW)

    assert state_of(letter) == Post.State.CLOSED
    assert letter.words_for == Audience.ANYONE


def edit_words(post, cast):
    said = text_of(post).changed(words="Something else.")
    autosave.save(post, said, by=cast.tom, page=EditorPage(post.pk, post.version), at=NOW)


def choose_otherwise(post, cast):
    audiences.choose(post, Chosen(words=ANYONE), by=cast.tom)


def step_out(post, cast):
    coauthors.step_out(post, by=cast.rose, at=NOW)


@pytest.mark.parametrize("meanwhile", [edit_words, choose_otherwise, step_out])
def test_what_changes_meanwhile_ends_every_yes_to_a_draft(cast, draft, meanwhile):
    asked = ask(draft, cast, publishes=True)
    meanwhile(draft, cast)

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert state_of(draft) == Post.State.DRAFT
    assert approvals.open_request(draft, at=NOW) is None


def narrow(post, cast):
    audiences.show_to_nobody(post, by=cast.tom, at=NOW)


def close(post, cast):
    closing.close(post, by=cast.tom, at=NOW)


def add(post, cast):
    addenda.add(post, "One more thing.", by=cast.tom, at=NOW)


def take_back(post, cast):
    taking_back.take_back(post, by=cast.tom, at=NOW)


@pytest.mark.parametrize("meanwhile", [narrow, close, add, take_back])
def test_what_changes_meanwhile_ends_every_yes_to_a_letter(cast, letter, meanwhile):
    asked = ask(letter, cast, replace(audiences.chosen(letter), words=ANYONE))
    meanwhile(letter, cast)

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    letter.refresh_from_db()
    assert letter.words_for != Audience.ANYONE


def test_after_a_change_it_can_be_asked_again(cast, draft):
    first = ask(draft, cast, publishes=True)
    edit_words(draft, cast)

    again = ask(draft, cast, publishes=True)

    first.refresh_from_db()
    assert first.outcome == ApprovalRequest.Outcome.SUPERSEDED
    assert again.ended_at is None
    assert list(Approval.objects.filter(request=again).values_list("account", flat=True)) == [
        cast.rose.pk
    ]


def test_keeping_it_as_it_is_ends_the_question(cast, draft):
    asked = ask(draft, cast, publishes=True)

    approvals.decline(asked, by=cast.tom, at=NOW)

    assert told(cast.rose) == [Notice.Kind.APPROVAL_DECLINED]
    assert told(cast.tom) == []
    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)


def test_a_question_can_be_taken_back_by_whoever_asked_it(cast, draft):
    asked = ask(draft, cast, publishes=True)

    approvals.withdraw(draft, by=cast.tom, at=NOW)
    still = approvals.open_request(draft, at=NOW)
    approvals.withdraw(draft, by=cast.rose, at=NOW)

    assert still == asked
    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert told(cast.tom) == []


def test_one_question_at_a_time(cast, draft):
    ask(draft, cast, publishes=True)

    with pytest.raises(AnotherRequestOpen):
        ask(draft, cast, publishes=True, by="tom")


def test_a_question_lapses_and_never_widens(cast, draft):
    asked = ask(draft, cast, publishes=True)

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=asked.lapses_at)
    approvals.run_due(asked.lapses_at)

    asked.refresh_from_db()
    assert asked.outcome == ApprovalRequest.Outcome.LAPSED
    assert state_of(draft) == Post.State.DRAFT
    assert told(cast.tom) == []
    assert told(cast.rose) == [Notice.Kind.APPROVAL_LAPSED]


def test_a_question_that_cannot_be_ended_keeps_no_other_from_it(cast, draft, letter, monkeypatch):
    ask(draft, cast, publishes=True)
    asked = ask(letter, cast, replace(audiences.chosen(letter), words=ANYONE), by="tom")
    ended = ApprovalRequest.objects.filter(outcome=ApprovalRequest.Outcome.LAPSED)
    fails_at_first(monkeypatch, approvals, "_lapse")

    approvals.run_due(asked.lapses_at + timedelta(days=9))
    assert ended.count() == 1

    approvals.run_due(asked.lapses_at + timedelta(days=9))
    assert ended.count() == 2


def test_a_question_whose_time_isnt_over_stays(cast, draft):
    asked = ask(draft, cast, publishes=True)

    approvals.run_due(asked.lapses_at - timedelta(seconds=1))

    asked.refresh_from_db()
    assert asked.ended_at is None


def test_nothing_is_asked_where_nobody_new_would_see(cast, letter):
    for want in (audiences.chosen(letter), Chosen()):
        with pytest.raises(NothingToApprove):
            ask(letter, cast, want)


def test_a_draft_is_only_asked_to_be_published(cast, draft):
    with pytest.raises(NothingToApprove):
        ask(draft, cast, Chosen(words=ANYONE))


def test_what_couldnt_be_done_isnt_asked(cast, letter):
    Post.objects.filter(pk=letter.pk).update(note="")
    with pytest.raises(NoteNeeded):
        ask(letter, cast, replace(audiences.chosen(letter), words=ANYONE))
    taking_back.take_back(letter, by=cast.rose, at=NOW)
    with pytest.raises(TakenBackForGood):
        ask(letter, cast, Chosen(words=ANYONE))


def test_somebody_alone_needs_nobodys_answer(cast):
    post = make_post(cast.rose, state=Post.State.DRAFT, words_for=Audience.ANYONE)

    ask(post, cast, publishes=True)

    assert state_of(post) == Post.State.PUBLISHED


def test_a_closed_account_is_waited_for_until_the_question_lapses(cast, draft):
    Account.objects.filter(pk=cast.tom.pk).update(is_active=False)

    asked = ask(draft, cast, publishes=True)

    assert approvals.pending_authors(asked) == [cast.tom]
    assert state_of(draft) == Post.State.DRAFT
