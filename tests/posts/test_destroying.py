from __future__ import annotations

from datetime import timedelta

import pytest

from beside.people import narrowings
from beside.people.models import Narrowing
from beside.photos.models import Hold, KeyEpoch, Photo
from beside.photos.vault import keyring
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.keyring import KeyDestroyed
from beside.photos.vault.store import StoreUnavailable
from beside.posts import addenda, destroying, drafting
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.destroying import DAYS_TO_THINK, StillArriving
from beside.posts.models import Authorship, Destruction, Post
from tests.cast import NOW, make_post

DUE = NOW + DAYS_TO_THINK
SOON = timedelta(minutes=1)


@pytest.fixture
def photo(cast, sealed):
    return sealed(cast.rose)


@pytest.fixture
def post(cast, photo):
    return make_post(cast.rose, words_for=[cast.nan], photos=[photo])


@pytest.fixture
def shared(cast, post, photo):
    """The same, of two authors."""
    Authorship.objects.create(post=post, account=cast.tom, joined_at=NOW)
    keyring.add_holder(photo, account=cast.tom)
    return post


def test_asking_closes_it_at_once_and_destroys_nothing_for_thirty_days(cast, post, photo):
    asked = destroying.ask_for_post(post, by=cast.rose, at=NOW)
    destroying.run_due(DUE - SOON)

    post.refresh_from_db()
    assert (asked.due_at, post.state) == (DUE, Post.State.CLOSED)
    assert keyring.original_key(photo.pk)


def test_after_thirty_days_keys_words_and_rows_are_gone(cast, post, photo):
    addenda.add(post, "Later", by=cast.rose, at=NOW, photo=photo)
    destroying.ask_for_post(post, by=cast.rose, at=NOW)

    destroying.run_due(DUE)

    with pytest.raises(KeyDestroyed):
        keyring.original_key(photo.pk)
    assert not Post.objects.exists()
    assert not Photo.objects.exists()
    assert not Hold.objects.exists()
    assert Narrowing.objects.filter(kind=Narrowing.Kind.DESTROYED).get().subject == {
        "account": str(cast.rose.pk),
        "post": str(post.pk),
    }


def test_many_that_end_on_the_same_day_end_with_one_replacement_of_the_keys(cast, post, sealed):
    another = sealed(cast.rose)
    destroying.ask_for_post(post, by=cast.rose, at=NOW)
    destroying.ask_for_photo(another, by=cast.rose, at=NOW)
    generation = KeyEpoch.objects.get().generation

    destroying.run_due(DUE)

    assert KeyEpoch.objects.get().generation == generation + 1
    assert not Photo.objects.exists()
    assert Narrowing.objects.filter(kind=Narrowing.Kind.DESTROYED).count() == 2


@pytest.mark.thorough
def test_one_that_cannot_be_destroyed_keeps_no_other_alive(cast, sealed, monkeypatch, caplog):
    photos = [sealed(cast.rose) for _ in range(8)]
    for photo in photos:
        destroying.ask_for_photo(photo, by=cast.rose, at=NOW)
    generation = KeyEpoch.objects.get().generation
    broken, record = photos[2].pk, narrowings.record

    def fails_for_one(kind, **fields):
        if fields["photo"] == broken:
            raise ValueError(broken)
        record(kind, **fields)

    monkeypatch.setattr(narrowings, "record", fails_for_one)
    destroying.run_due(DUE)

    assert [photo.pk for photo in Photo.objects.all()] == [broken]
    assert keyring.original_key(broken)
    assert Destruction.objects.get(done_at=None).photo_id == broken
    # For the halves in which all went well: four, one and two.
    assert KeyEpoch.objects.get().generation == generation + 3
    assert caplog.messages == ["something that is to be destroyed could not be"]

    monkeypatch.undo()
    destroying.run_due(DUE + SOON)
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "wrong", [NoSuchEpoch(1), OtherRoot(), OSError(28, "full"), StoreUnavailable("s3://keys")]
)
def test_what_would_fail_for_every_other_too_is_tried_once(cast, sealed, monkeypatch, wrong):
    for _ in range(4):
        destroying.ask_for_photo(sealed(cast.rose), by=cast.rose, at=NOW)
    tried = []

    def fail():
        tried.append(1)
        raise wrong

    monkeypatch.setattr(destroying, "replace", fail)
    with pytest.raises(type(wrong)):
        destroying.run_due(DUE)

    assert len(tried) == 1
    assert Destruction.objects.filter(done_at=None).count() == 4


def test_one_that_two_authors_asked_for_ends_for_both_in_one_round(cast, shared, photo):
    for author in (cast.rose, cast.tom):
        destroying.ask_for_post(shared, by=author, at=NOW)

    destroying.run_due(DUE)

    assert not Post.objects.exists()
    assert not Photo.objects.exists()
    assert not Hold.objects.exists()


def test_what_was_stopped_is_never_carried_out(cast, post, photo):
    asked = destroying.ask_for_post(post, by=cast.rose, at=NOW)

    destroying.stop(asked, by=cast.rose, at=NOW)
    destroying.run_due(DUE)

    assert Post.objects.exists()
    assert keyring.original_key(photo.pk)


def test_asking_twice_does_not_begin_the_thirty_days_again(cast, post):
    first = destroying.ask_for_post(post, by=cast.rose, at=NOW)
    again = destroying.ask_for_post(post, by=cast.rose, at=NOW + timedelta(days=3))

    assert (first, again.due_at) == (again, DUE)


def test_after_stopping_it_can_be_asked_for_again(cast, post):
    asked = destroying.ask_for_post(post, by=cast.rose, at=NOW)
    destroying.stop(asked, by=cast.rose, at=NOW)

    again = destroying.ask_for_post(post, by=cast.rose, at=DUE)

    assert again.due_at == DUE + DAYS_TO_THINK


def test_the_only_author_need_not_wait(cast, post, photo):
    asked = destroying.ask_for_post(post, by=cast.rose, at=NOW)

    destroying.destroy_now(asked, by=cast.rose, at=NOW)

    assert not Photo.objects.exists()


def test_one_of_two_authors_has_to_wait(cast, shared):
    asked = destroying.ask_for_post(shared, by=cast.rose, at=NOW)

    with pytest.raises(WaitsForOthers):
        destroying.destroy_now(asked, by=cast.rose, at=NOW)
    assert not destroying.is_alone(asked)


def test_what_the_other_parent_holds_stays_whole(cast, shared, photo):
    destroying.ask_for_post(shared, by=cast.rose, at=NOW)

    destroying.run_due(DUE)

    assert set(Hold.objects.values_list("account", flat=True)) == {cast.tom.pk}
    assert keyring.original_key(photo.pk)
    assert list(shared.placed.values_list("photo", flat=True)) == [photo.pk]
    assert list(shared.authorships.values_list("account", flat=True)) == [cast.tom.pk]


def test_when_the_last_author_has_let_go_nothing_is_left(cast, shared, photo):
    destroying.ask_for_post(shared, by=cast.rose, at=NOW)
    destroying.ask_for_post(shared, by=cast.tom, at=NOW)

    destroying.run_due(DUE)

    assert not Photo.objects.exists()
    assert not Post.objects.exists()


def test_one_photograph_leaves_its_letter_at_once_and_dies_after_thirty_days(cast, post, photo):
    asked = destroying.ask_for_photo(photo, by=cast.rose, at=NOW)

    assert not post.placed.exists()
    destroying.run_due(asked.due_at)
    assert not Photo.objects.exists()
    assert Post.objects.exists()


def test_a_photograph_on_its_way_in_waits(cast, photo):
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.RECEIVING)
    photo.refresh_from_db()

    with pytest.raises(StillArriving):
        destroying.ask_for_photo(photo, by=cast.rose, at=NOW)


def test_a_draft_that_is_thrown_away_gives_its_photographs_back(cast, photo):
    draft = make_post(cast.rose, state=Post.State.DRAFT, photos=[photo])

    destroying.throw_away(draft, by=cast.rose, at=NOW)
    destroying.run_due(DUE)

    assert not Post.objects.exists()
    assert keyring.original_key(photo.pk)
    drafting.place(make_post(cast.rose), photo, by=cast.rose)


@pytest.mark.thorough
def test_only_what_is_due_is_carried_out_and_running_again_is_harmless(cast, post, sealed):
    later = make_post(cast.rose, photos=[sealed(cast.rose)])
    destroying.ask_for_post(post, by=cast.rose, at=NOW)
    destroying.ask_for_post(later, by=cast.rose, at=NOW + SOON)

    destroying.run_due(DUE)
    assert list(Post.objects.all()) == [later]

    destroying.run_due(DUE + SOON)
    destroying.run_due(DUE + SOON)
    assert not Post.objects.exists()


@pytest.mark.parametrize("act", ["post", "photo", "throw away", "stop", "now"])
def test_nobody_else_destroys_or_stops(cast, post, photo, act):
    asked = destroying.ask_for_post(make_post(cast.rose), by=cast.rose, at=NOW)
    acts = {
        "post": lambda: destroying.ask_for_post(post, by=cast.tom, at=NOW),
        "photo": lambda: destroying.ask_for_photo(photo, by=cast.tom, at=NOW),
        "throw away": lambda: destroying.throw_away(post, by=cast.tom, at=NOW),
        "stop": lambda: destroying.stop(asked, by=cast.tom, at=NOW),
        "now": lambda: destroying.destroy_now(asked, by=cast.tom, at=NOW),
    }

    with pytest.raises(NotAnAuthor):
        acts[act]()
    assert list(Destruction.objects.values_list("stopped_at", "done_at")) == [(None, None)]
