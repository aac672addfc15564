from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access import consents
from beside.access.policy import Viewer, photographs_of, see
from beside.notices.models import Notice
from beside.photos.models import HiddenPhoto, Hold
from beside.posts import approvals
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded, NothingToApprove
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import LiesElsewhere, PutHereByAnother
from beside.posts.models import Audience, PlacedPhoto, Post
from beside.posts.reach import NoteNeeded
from tests.cast import NOW, make_post, make_sealed_photo

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def shown(cast):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_sealed_photo(cast.rose)],
    )


@pytest.fixture
def more(cast):
    return [make_sealed_photo(cast.rose), make_sealed_photo(cast.rose)]


def ask(post, photos, by):
    return approvals.request_photographs(post, photos, message="", by=by, at=NOW)


def count(post):
    return post.placed.count()


def test_they_are_added_with_the_last_yes_and_not_before(cast, shown, more):
    asked = ask(shown, more, cast.rose)
    before = count(shown)
    approvals.approve(asked, by=cast.tom, at=NOW)

    order = list(shown.placed.order_by("position").values_list("photo_id", flat=True))
    assert (before, order[1:]) == (1, [one.pk for one in more])
    assert Post.objects.get().state == Post.State.PUBLISHED


def test_asking_gives_the_other_author_a_hold_of_their_own_hidden_from_them(cast, shown, more):
    ask(shown, more, cast.rose)

    for photo in more:
        assert Hold.objects.filter(photo=photo, account=cast.tom).exists()
        assert HiddenPhoto.objects.filter(photo=photo, account=cast.tom).exists()
        assert not HiddenPhoto.objects.filter(photo=photo, account=cast.rose).exists()


def test_readers_meet_them_folded_even_if_the_others_are_open(cast, shown, more, client):
    client.force_login(cast.nan)
    nan = Viewer(cast.nan.pk, client.session.session_key)
    consents.give(nan, shown.pk, remember=True, at=NOW)

    approvals.approve(ask(shown, more, cast.rose), by=cast.tom, at=NOW)

    post = see(nan, shown.pk, at=NOW)
    assert [photo.is_open for photo in photographs_of(post, nan, at=NOW)] == [True, False, False]


def test_no_reader_is_told(cast, shown, more):
    approvals.approve(ask(shown, more, cast.rose), by=cast.tom, at=NOW)

    assert {(one.recipient_id, one.kind) for one in Notice.objects.all()} == {
        (cast.rose.pk, Notice.Kind.APPROVED)
    }


@pytest.mark.parametrize("how", ["decline", "withdraw", "lapse"])
def test_without_every_yes_nothing_is_added(cast, shown, more, how):
    asked = ask(shown, more, cast.rose)
    if how == "decline":
        approvals.decline(asked, by=cast.tom, at=NOW)
    elif how == "withdraw":
        approvals.withdraw(shown, by=cast.rose, at=NOW)
    else:
        approvals.run_due(NOW + timedelta(days=15))

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert count(shown) == 1


def test_a_yes_to_other_photographs_doesnt_count(cast, shown, more):
    asked = ask(shown, more, cast.rose)
    Post.objects.update(note="Something else.")

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert count(shown) == 1


def test_one_that_was_destroyed_meanwhile_ends_the_question(cast, shown, more):
    asked = ask(shown, more, cast.rose)
    Hold.objects.filter(photo=more[1]).delete()
    more[1].delete()

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert count(shown) == 1


def test_one_whose_keys_its_uploader_has_destroyed_meanwhile_ends_it_too(cast, shown, more):
    asked = ask(shown, more, cast.rose)
    Hold.objects.filter(photo=more[1], account=cast.rose).delete()

    with pytest.raises(ApprovalRequestEnded):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert count(shown) == 1


def test_one_that_is_in_another_letter_meanwhile_is_not_moved(cast, shown, more):
    asked = ask(shown, more, cast.rose)
    other = make_post(cast.rose)
    PlacedPhoto.objects.create(post=other, photo=more[0], position=0)

    with pytest.raises(LiesElsewhere):
        approvals.approve(asked, by=cast.tom, at=NOW)
    assert count(shown) == 1


def test_only_what_one_of_its_authors_put_here_can_be_asked_for(cast, shown):
    hers = make_sealed_photo(cast.nan)
    Hold.objects.filter(photo=hers).update(account=cast.rose)

    with pytest.raises(PutHereByAnother):
        ask(shown, [hers], cast.rose)
    with pytest.raises(NotAnAuthor):
        ask(shown, [make_sealed_photo(cast.nan)], cast.rose)
    assert not Hold.objects.filter(account=cast.tom, photo=hers).exists()


def test_a_stranger_adds_nothing(cast, shown):
    with pytest.raises(NotAnAuthor):
        ask(shown, [make_sealed_photo(cast.nan)], cast.nan)


def test_one_question_at_a_time_and_none_about_nothing(cast, shown, more):
    ask(shown, more[:1], cast.rose)

    with pytest.raises(AnotherRequestOpen):
        ask(shown, more[1:], cast.rose)
    with pytest.raises(NothingToApprove):
        ask(shown, [], cast.tom)


def test_alone_they_are_added_at_once_and_folded(cast, more):
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan])

    assert ask(post, more, cast.rose) is None
    assert count(post) == 2


def test_readers_never_meet_a_fold_that_says_nothing(cast, more):
    post = make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE, note="")

    with pytest.raises(NoteNeeded):
        ask(post, more, cast.rose)
    assert count(post) == 0
