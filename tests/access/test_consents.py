from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.access import consents
from beside.access.models import Consent
from beside.access.policy import NothingToSee, Viewer, photographs_of
from beside.photos.models import Photo
from beside.posts.models import Audience, PlacedPhoto
from tests.cast import NOW, make_photo, make_post


@pytest.fixture
def post(cast):
    return make_post(
        cast.rose,
        words_for=[cast.nan, cast.ines],
        photographs_for=[cast.nan],
        photos=[make_photo(cast.rose) for _ in range(3)],
    )


@pytest.fixture
def nan(cast, client) -> Viewer:
    client.force_login(cast.nan)
    return Viewer(cast.nan.pk, client.session.session_key)


def open_to(viewer, post, after=timedelta()) -> int:
    return sum(photo.is_open for photo in photographs_of(post, viewer, at=NOW + after))


def test_all_open_for_the_visit(post, nan):
    consents.give(nan, post.pk, at=NOW)

    assert open_to(nan, post) == 3
    assert open_to(Viewer(nan.account, "another visit"), post) == 0


def test_one_opens_and_the_others_stay_folded(post, nan):
    one = post.placed.first().photo_id

    consents.give(nan, post.pk, photo_ids=[one], at=NOW)

    assert open_to(nan, post) == 1


def test_what_is_remembered_opens_in_every_visit(post, nan):
    consents.give(nan, post.pk, remember=True, at=NOW)

    assert open_to(Viewer(nan.account, "another visit"), post, timedelta(days=400)) == 3


def test_a_photograph_laid_in_later_is_folded(cast, post, nan):
    consents.give(nan, post.pk, remember=True, at=NOW)
    PlacedPhoto.objects.create(post=post, photo=make_photo(cast.rose), position=9)

    assert open_to(nan, post) == 3


def test_the_visit_ends_half_an_hour_after_the_last_page(post, nan):
    consents.give(nan, post.pk, at=NOW)
    consents.extend(nan, post.pk, at=NOW + timedelta(minutes=20))

    assert open_to(nan, post, timedelta(minutes=49)) == 3
    assert open_to(nan, post, timedelta(minutes=51)) == 0


def test_what_has_ended_is_not_revived(post, nan):
    consents.give(nan, post.pk, at=NOW)
    consents.extend(nan, post.pk, at=NOW + timedelta(minutes=31))

    assert open_to(nan, post, timedelta(minutes=32)) == 0


def test_a_page_opened_again_at_once_costs_no_write(post, nan, django_assert_num_queries):
    consents.give(nan, post.pk, at=NOW)

    with django_assert_num_queries(1):
        consents.extend(nan, post.pk, at=NOW + timedelta(seconds=30))

    assert set(Consent.objects.values_list("ends_at", flat=True)) == {NOW + consents.VISIT}


def test_giving_twice_is_harmless(post, nan):
    consents.give(nan, post.pk, at=NOW)
    consents.give(nan, post.pk, at=NOW + timedelta(minutes=10))

    assert open_to(nan, post, timedelta(minutes=39)) == 3
    assert Consent.objects.count() == 3


def test_folding_ends_both_kinds(post, nan):
    consents.give(nan, post.pk, at=NOW)
    consents.give(nan, post.pk, remember=True, at=NOW)

    consents.fold_post(nan, post.pk)

    assert open_to(nan, post) == 0


def test_one_is_folded_and_the_others_stay_open(post, nan):
    consents.give(nan, post.pk, at=NOW)

    consents.fold_photo(nan, post.placed.first().photo_id)

    assert open_to(nan, post) == 2


def test_folding_ends_nobody_elses_consent(cast, post, nan):
    consents.give(nan, post.pk, at=NOW)

    consents.fold_post(Viewer(cast.ines.pk, "another visit"), post.pk)

    assert open_to(nan, post) == 3


def test_stepping_away_ends_the_visits_consents_and_not_the_remembered(cast, post, nan):
    other = make_post(
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_photo(cast.tom)],
    )
    consents.give(nan, post.pk, at=NOW)
    consents.give(nan, other.pk, remember=True, at=NOW)

    consents.step_away(nan)

    assert open_to(nan, post) == 0
    assert open_to(nan, other) == 1


def test_whoever_only_the_words_are_for_cannot_choose_to_look(cast, post, client):
    client.force_login(cast.ines)

    with pytest.raises(NothingToSee):
        consents.give(Viewer(cast.ines.pk, client.session.session_key), post.pk, at=NOW)


def test_a_photograph_of_another_post_is_not_there(cast, post, nan):
    elsewhere = make_photo(cast.rose)

    for photo_id in (elsewhere.pk, uuid.uuid4()):
        with pytest.raises(NothingToSee):
            consents.give(nan, post.pk, photo_ids=[photo_id], at=NOW)


def test_a_photograph_on_its_way_is_not_there(cast, post, nan):
    arriving = make_photo(cast.rose, state=Photo.State.RECEIVED)
    PlacedPhoto.objects.create(post=post, photo=arriving, position=9)

    with pytest.raises(NothingToSee):
        consents.give(nan, post.pk, photo_ids=[arriving.pk], at=NOW)


def test_a_visitor_is_never_remembered(cast, client):
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_for=Audience.ANYONE,
        photographs_signed_in=False,
        photos=[make_photo(cast.rose)],
    )
    session = client.session
    session.save()
    visitor = Viewer(None, session.session_key)

    consents.give(visitor, post.pk, remember=True, at=NOW)

    assert open_to(visitor, post) == 1
    assert Consent.objects.get().ends_at == NOW + consents.VISIT


def test_an_authors_choice_is_kept_for_the_page_of_their_letter(cast, post, client):
    client.force_login(cast.rose)
    rose = Viewer(cast.rose.pk, client.session.session_key)

    before = consents.of_author(rose, post.pk, at=NOW)
    consents.give(rose, post.pk, at=NOW)
    during = consents.of_author(rose, post.pk, at=NOW + timedelta(minutes=29))
    after = consents.of_author(rose, post.pk, at=NOW + timedelta(minutes=31))

    assert [len(one.opened) for one in (before, during, after)] == [0, 3, 0]
    assert open_to(rose, post) == 3


def test_purging_removes_what_has_ended_and_nothing_else(post, nan):
    one, two, _ = [placed.photo_id for placed in post.placed.all()]
    consents.give(nan, post.pk, photo_ids=[one], at=NOW - timedelta(hours=1))
    consents.give(nan, post.pk, photo_ids=[two], at=NOW)
    consents.give(nan, post.pk, remember=True, at=NOW)

    purged = consents.purge(at=NOW)

    assert purged == 1
    assert Consent.objects.count() == 4
