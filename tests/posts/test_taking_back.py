from __future__ import annotations

import pytest

from beside.access.models import Consent
from beside.access.policy import Sight, Viewer, with_openness, with_sight
from beside.notices.models import Notice
from beside.people.models import Narrowing
from beside.photos.models import Hold, Photo, Rendition, Tombstone
from beside.photos.vault import keyring
from beside.photos.vault.keyring import KeyDestroyed
from beside.posts import drafting, taking_back
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Audience, Authorship, Post
from tests.cast import NOW, make_post


@pytest.fixture
def photo(cast, sealed):
    return sealed(cast.rose)


@pytest.fixture
def post(cast, photo):
    post = make_post(
        cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE, photos=[photo]
    )
    Authorship.objects.create(post=post, account=cast.tom, joined_at=NOW)
    keyring.add_holder(photo, account=cast.tom)
    return post


def test_readers_lose_it_and_its_authors_do_not(cast, post):
    taking_back.take_back(post, by=cast.tom, at=NOW)

    sights = {
        name: with_sight(Post.objects.filter(pk=post.pk), Viewer(cast[name].pk), at=NOW).get().sight
        for name in ("nan", "rose", "tom")
    }
    assert sights == {"nan": Sight.NOTHING, "rose": Sight.PHOTOGRAPHS, "tom": Sight.PHOTOGRAPHS}


def test_the_key_of_what_was_shown_is_gone_and_the_originals_opens(cast, post, photo):
    before = keyring.original_key(photo.pk)

    taking_back.take_back(post, by=cast.rose, at=NOW)

    with pytest.raises(KeyDestroyed):
        keyring.shown_key(photo.pk)
    assert keyring.original_key(photo.pk) == before
    assert not Hold.objects.filter(photo=photo, kind=Hold.Kind.SHOWN).exists()
    assert set(Tombstone.objects.values_list("account_id", "kind")) == {
        (who.pk, Hold.Kind.SHOWN) for who in (cast.rose, cast.tom)
    }


def test_the_photograph_waits_to_be_developed_again_for_its_authors(cast, post, photo):
    taking_back.take_back(post, by=cast.rose, at=NOW)

    photo.refresh_from_db()
    assert (photo.state, photo.attempts) == (Photo.State.RECEIVED, 0)
    assert not Rendition.objects.filter(photo=photo).exists()


def test_no_consent_to_it_is_ever_good_again(cast, post, photo):
    Consent.objects.create(photo=photo, account=cast.nan)
    taking_back.take_back(post, by=cast.rose, at=NOW)
    drafting.take_out(post, photo, by=cast.rose)
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.READY)
    make_post(cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE, photos=[photo])

    seen = with_openness(Photo.objects.filter(pk=photo.pk), Viewer(cast.nan.pk), at=NOW).get()

    assert not seen.is_open


def test_it_is_written_down_and_the_other_author_is_told(cast, post):
    taking_back.take_back(post, by=cast.rose, at=NOW)

    narrowing = Narrowing.objects.get()
    assert (narrowing.kind, narrowing.subject) == ("post taken back", {"post": str(post.pk)})
    assert Notice.objects.get().recipient == cast.tom


def test_taking_back_twice_is_once(cast, post):
    taking_back.take_back(post, by=cast.rose, at=NOW)
    taking_back.take_back(post, by=cast.tom, at=None)

    post.refresh_from_db()
    assert post.taken_back_at == NOW


def test_a_refused_photograph_stays_refused(cast, ring):
    post = make_post(cast.rose)
    photo = Photo.objects.create(
        uploader=cast.rose, uploaded_at=NOW, state=Photo.State.REFUSED, refusal="film"
    )
    post.placed.create(photo=photo, position=0)

    taking_back.take_back(post, by=cast.rose, at=NOW)

    photo.refresh_from_db()
    assert photo.state == Photo.State.REFUSED


def test_a_draft_stays_as_it_is(cast):
    post = make_post(cast.rose, state=Post.State.DRAFT)

    taking_back.take_back(post, by=cast.rose, at=NOW)

    post.refresh_from_db()
    assert post.state == Post.State.DRAFT


def test_nobody_else_takes_it_back(cast, post):
    with pytest.raises(NotAnAuthor):
        taking_back.take_back(post, by=cast.nan, at=NOW)
