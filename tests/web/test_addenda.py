from __future__ import annotations

from django.urls import reverse

from tests.cast import make_photo, make_post


def test_something_is_added_later_beside_a_photograph_and_taken_away_again(rose, cast):
    photo = make_photo(cast.rose)
    post = make_post(cast.rose, photos=[photo])
    address = reverse("addenda", args=[post.pk])

    rose.post(address, {"words": "We already knew.", "photo": str(photo.pk)})
    said = post.addenda.get()
    assert (said.words, said.photo) == ("We already knew.", photo)

    rose.post(address, {"remove": str(said.pk)})
    assert not post.addenda.exists()
