from __future__ import annotations

import pytest

from beside.photos.models import HiddenPhoto, Photo
from beside.posts import replacing
from beside.posts.authorship import NotAnAuthor
from beside.posts.drafting import ShownByAll
from beside.posts.models import Audience, PlacedPhoto, Post
from tests.cast import make_post, make_sealed_photo


def letter(cast, *authors, **fields) -> Post:
    photos = [make_sealed_photo(cast.rose, names=()) for _ in range(3)]
    post = make_post(*authors, photos=photos, numbers_given=3, **fields)
    for number, placed in enumerate(post.placed.order_by("position"), 1):
        PlacedPhoto.objects.filter(pk=placed.pk).update(number=number, beside_previous=number == 2)
    return post


def order(post: Post) -> list[tuple]:
    rows = post.placed.order_by("position")
    return list(rows.values_list("photo", "number", "beside_previous"))


def test_the_other_version_lies_where_the_first_lay_and_is_named_the_same(cast, data):
    post = letter(cast, cast.rose, state=Post.State.DRAFT)
    (first, old, last), new = order(post), make_sealed_photo(cast.rose, names=(), description="")

    replacing.replace(post, Photo.objects.get(pk=old[0]), new, by=cast.rose)

    assert order(post) == [first, (new.pk, 2, True), last]
    assert Photo.objects.get(pk=new.pk).description == Photo.objects.get(pk=old[0]).description


def test_it_is_closed_for_the_other_author(cast, data):
    post = letter(cast, cast.rose, cast.tom, state=Post.State.DRAFT)
    old = post.placed.get(position=0).photo
    new = make_sealed_photo(cast.rose, names=())

    replacing.replace(post, old, new, by=cast.rose)

    assert HiddenPhoto.objects.get(photo=new).account == cast.tom


@pytest.mark.parametrize("case", ["shown by two", "lies elsewhere", "a stranger"])
def test_where_it_cannot_be_nothing_changes(cast, data, case):
    authors = (cast.rose, cast.tom) if case == "shown by two" else (cast.rose,)
    post = letter(cast, *authors, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE)
    before, new = order(post), make_sealed_photo(cast.rose, names=())
    old = post.placed.get(position=0).photo
    if case == "lies elsewhere":
        old = letter(cast, cast.rose).placed.first().photo

    with pytest.raises((ShownByAll, NotAnAuthor)):
        replacing.replace(post, old, new, by=cast.nan if case == "a stranger" else cast.rose)

    assert order(post) == before
