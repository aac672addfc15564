from __future__ import annotations

from datetime import timedelta

import pytest

from beside.photos.models import Hold
from beside.posts import drafting, removed_photos
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import ShownByAll
from beside.posts.models import Audience, Post, RemovedPhoto
from tests.cast import NOW, make_photo, make_post


@pytest.fixture
def draft(cast) -> Post:
    return make_post(cast.rose, state=Post.State.DRAFT)


def three_in(post, author):
    photos = [make_photo(author) for _ in range(3)]
    for photo in photos:
        drafting.place(post, photo, by=author)
    return photos


def laid(post):
    rows = post.placed.order_by("position")
    return [(one.photo_id, one.number, one.beside_previous) for one in rows]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_putting_back_is_as_if_it_had_never_been_taken_out(cast, draft, which):
    photos = three_in(draft, cast.rose)
    draft.placed.filter(photo=photos[which]).update(beside_previous=True)
    before = laid(draft)

    removed_photos.remove(draft, photos[which], by=cast.rose, at=NOW)
    assert len(laid(draft)) == 2
    removed_photos.put_back(draft, photos[which], by=cast.rose)

    photos[which].refresh_from_db()
    assert laid(draft) == before
    assert photos[which].description == "Morning light on a hospital wall."
    assert not RemovedPhoto.objects.exists()


def test_it_goes_back_to_its_place_among_others_that_were_moved_meanwhile(cast, draft):
    one, two, three = three_in(draft, cast.rose)
    removed_photos.remove(draft, two, by=cast.rose, at=NOW)
    drafting.order(draft, [three.pk, one.pk], by=cast.rose)

    removed_photos.put_back(draft, two, by=cast.rose)

    assert [photo for photo, _number, _beside in laid(draft)] == [three.pk, two.pk, one.pk]


def test_the_one_taken_out_last_is_offered_first_and_only_for_a_day(cast, draft):
    one, two, _three = three_in(draft, cast.rose)
    removed_photos.remove(draft, one, by=cast.rose, at=NOW)
    removed_photos.remove(draft, two, by=cast.rose, at=NOW + timedelta(minutes=1))

    def offered(hours):
        row = removed_photos.latest(draft, by=cast.rose, at=NOW + timedelta(hours=hours))
        return row and row.photo_id

    assert (offered(1), offered(25)) == (two.pk, None)
    removed_photos.put_back(draft, two, by=cast.rose)
    assert offered(1) == one.pk


def test_taking_out_twice_is_once(cast, draft):
    one, *_others = three_in(draft, cast.rose)

    removed_photos.remove(draft, one, by=cast.rose, at=NOW)
    removed_photos.remove(draft, one, by=cast.rose, at=NOW)

    assert RemovedPhoto.objects.get().photo_id == one.pk


def test_once_it_is_in_another_letter_it_is_not_put_back(cast, draft):
    one, *_others = three_in(draft, cast.rose)
    removed_photos.remove(draft, one, by=cast.rose, at=NOW)
    drafting.place(make_post(cast.rose, state=Post.State.DRAFT), one, by=cast.rose)

    assert removed_photos.latest(draft, by=cast.rose, at=NOW) is None
    with pytest.raises(NotAnAuthor):
        removed_photos.put_back(draft, one, by=cast.rose)


def test_it_is_not_offered_to_an_author_who_has_no_hold_on_it_any_more(cast, draft):
    one, *_others = three_in(draft, cast.rose)
    removed_photos.remove(draft, one, by=cast.rose, at=NOW)
    Hold.objects.filter(photo=one).delete()

    assert removed_photos.latest(draft, by=cast.rose, at=NOW) is None


def test_nobody_else_takes_out_or_puts_back(cast, draft):
    one, two, _three = three_in(draft, cast.rose)
    removed_photos.remove(draft, two, by=cast.rose, at=NOW)

    for act in (
        lambda: removed_photos.remove(draft, one, by=cast.nan, at=NOW),
        lambda: removed_photos.put_back(draft, two, by=cast.nan),
        lambda: removed_photos.latest(draft, by=cast.nan, at=NOW),
    ):
        with pytest.raises(NotAnAuthor):
            act()


def test_in_a_letter_that_readers_see_one_of_two_authors_does_not_put_it_back_alone(cast):
    one = make_photo(cast.rose)
    anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
    post = make_post(cast.rose, cast.tom, photos=[one], **anyone)
    removed_photos.remove(post, one, by=cast.rose, at=NOW)

    with pytest.raises(ShownByAll):
        removed_photos.put_back(post, one, by=cast.rose)
