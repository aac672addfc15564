from __future__ import annotations

import uuid

import pytest

from beside.photos.models import Hold, Portrait
from beside.posts import drafting
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import LiesElsewhere
from beside.posts.models import Authorship, PlacedPhoto, Post
from tests.cast import NOW, make_photo, make_post


@pytest.fixture
def draft(cast) -> Post:
    return drafting.begin(uuid.uuid4(), by=cast.rose, at=NOW)


def in_order(post):
    return list(post.placed.order_by("position").values_list("photo_id", flat=True))


def three_in(post, author):
    photos = [make_photo(author) for _ in range(3)]
    for photo in photos:
        drafting.place(post, photo, by=author)
    return photos


def test_photographs_lie_in_the_order_in_which_they_came(cast, draft):
    photos = three_in(draft, cast.rose)

    assert in_order(draft) == [photo.pk for photo in photos]


def test_placing_twice_is_once(cast, draft):
    photo = make_photo(cast.rose)

    first = drafting.place(draft, photo, by=cast.rose)
    again = drafting.place(draft, photo, by=cast.rose)

    assert first == again


def test_a_photograph_lies_in_one_letter_only(cast, draft):
    photo = make_photo(cast.rose)
    make_post(cast.rose, photos=[photo])

    with pytest.raises(LiesElsewhere):
        drafting.place(draft, photo, by=cast.rose)


def test_the_photograph_at_the_top_of_a_page_is_not_put_in_a_letter(cast, draft):
    photo = make_photo(cast.rose)
    Portrait.objects.create(account=cast.rose, photo=photo)

    with pytest.raises(LiesElsewhere):
        drafting.place(draft, photo, by=cast.rose)


def test_nobody_places_the_photograph_of_another(cast, draft):
    with pytest.raises(NotAnAuthor):
        drafting.place(draft, make_photo(cast.tom), by=cast.rose)


def test_every_author_holds_what_one_puts_in(cast, draft, sealed):
    Authorship.objects.create(post=draft, account=cast.tom, joined_at=NOW)
    photo = sealed(cast.rose)

    drafting.place(draft, photo, by=cast.rose)

    holders = set(Hold.objects.filter(photo=photo).values_list("account", "kind"))
    assert holders == {(who.pk, kind) for who in (cast.rose, cast.tom) for kind in Hold.Kind}


@pytest.mark.parametrize(
    ("which", "steps", "then"),
    [(0, 1, "102"), (2, -1, "021"), (0, -1, "012"), (2, 1, "012"), (0, 2, "120")],
)
def test_a_photograph_moves(cast, draft, which, steps, then):
    photos = three_in(draft, cast.rose)

    drafting.move(draft, photos[which], by=cast.rose, steps=steps)

    assert in_order(draft) == [photos[int(index)].pk for index in then]


def test_an_order_that_leaves_some_out_puts_them_last(cast, draft):
    one, two, three = three_in(draft, cast.rose)

    drafting.order(draft, [three.pk, one.pk, uuid.uuid4()], by=cast.rose)

    assert in_order(draft) == [three.pk, one.pk, two.pk]


def test_a_photograph_taken_out_keeps_its_words_and_its_number_is_never_given_again(cast, draft):
    one, _two, three = three_in(draft, cast.rose)

    drafting.take_out(draft, three, by=cast.rose)
    drafting.take_out(draft, one, by=cast.rose)
    back = drafting.place(draft, one, by=cast.rose)

    one.refresh_from_db()
    assert one.caption == "Room 4, a little after six."
    assert back.number == 4
    assert not PlacedPhoto.objects.filter(photo=three).exists()


@pytest.mark.parametrize("act", ["place", "move", "order", "take_out"])
def test_nobody_else_lays_photographs(cast, draft, act):
    photo = make_photo(cast.rose)
    drafting.place(draft, photo, by=cast.rose)
    acts = {
        "place": lambda: drafting.place(draft, make_photo(cast.tom), by=cast.tom),
        "move": lambda: drafting.move(draft, photo, by=cast.tom, steps=1),
        "order": lambda: drafting.order(draft, [photo.pk], by=cast.tom),
        "take_out": lambda: drafting.take_out(draft, photo, by=cast.tom),
    }

    with pytest.raises(NotAnAuthor):
        acts[act]()
    assert PlacedPhoto.objects.filter(photo=photo).exists()
