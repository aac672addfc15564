from __future__ import annotations

import pytest
from django.urls import reverse

from beside.photos import hidden
from beside.photos.models import Photo
from beside.photos.vault import keyring
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_photo, make_post
from tests.web.place import signed_in_just_now


@pytest.mark.thorough
def test_closing_taking_back_and_destroying_have_their_pages(rose, cast, own_place):
    keyring.open_keyring()
    signed_in_just_now(rose, cast.rose)
    post = make_post(cast.rose, words_for=Audience.ANYONE)

    rose.post(reverse("closing", args=[post.pk]), {"do": "close"})
    assert "It’s closed" in rose.get(reverse("closing", args=[post.pk])).content.decode()
    rose.post(reverse("closing", args=[post.pk]), {"do": "reopen"})
    assert (
        "What happens as soon as you press"
        in rose.get(reverse("taking_back", args=[post.pk])).content.decode()
    )
    rose.post(reverse("taking_back", args=[post.pk]))
    assert (
        "Nobody but you can see it any more."
        in rose.get(reverse("taking_back", args=[post.pk])).content.decode()
    )
    rose.post(reverse("destroy_letter", args=[post.pk]), {"do": "ask"})
    assert (
        "you can stop this" in rose.get(reverse("destroy_letter", args=[post.pk])).content.decode()
    )
    rose.post(reverse("destroy_letter", args=[post.pk]), {"do": "now"})
    assert not Post.objects.exists()


def test_one_photograph_is_destroyed_after_a_wait_that_can_be_stopped(rose, cast, own_place):
    keyring.open_keyring()
    signed_in_just_now(rose, cast.rose)
    photo = make_photo(cast.rose)
    photo.holds.all().delete()
    keyring.keys_for_new(photo, holder=cast.rose)
    address = reverse("destroy_photograph", args=[photo.pk])

    rose.post(address, {"do": "ask"})
    assert "Keep it after all" in rose.get(address).content.decode()
    rose.post(address, {"do": "stop"})
    assert "Keep it after all" not in rose.get(address).content.decode()
    rose.post(address, {"do": "ask"})
    rose.post(address, {"do": "now"})

    assert rose.get(address).status_code == 404
    assert not Photo.objects.exists()


def test_nobody_else_comes_to_a_photographs_end(client, cast):
    photo = make_photo(cast.rose)
    client.force_login(cast.tom)

    assert (
        client.post(reverse("destroy_photograph", args=[photo.pk]), {"do": "ask"}).status_code
        == 404
    )


def test_the_page_of_a_photograph_that_is_hidden_from_me_tells_no_description(rose, cast):
    photo = make_photo(cast.rose, description="His hands.")
    address = reverse("destroy_photograph", args=[photo.pk])
    seen = rose.get(address).content.decode()

    hidden.hold(photo, account=cast.rose, at=NOW)

    assert "His hands." in seen
    assert "His hands." not in rose.get(address).content.decode()
