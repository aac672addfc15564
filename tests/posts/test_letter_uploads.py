from __future__ import annotations

from uuid import uuid4

import pytest

from beside.photos.models import HiddenPhoto, Photo
from beside.photos.quota import TooLarge
from beside.posts.authorship import NotAnAuthor
from beside.posts.letter_uploads import begin_upload
from beside.posts.models import PlacedPhoto, Post
from tests.cast import NOW, make_post


def test_an_upload_for_a_new_letter_begins_the_letter(cast, data):
    post_id = uuid4()

    upload = begin_upload(cast.rose, 4, name_on_phone="a.jpg", post_id=post_id, at=NOW)

    assert PlacedPhoto.objects.get(photo=upload.photo).post_id == post_id
    assert Post.objects.get(pk=post_id).authorships.get().account == cast.rose


def test_an_upload_without_a_letter_is_in_none(cast, data):
    upload = begin_upload(cast.rose, 4, closed=True, at=NOW)

    assert not PlacedPhoto.objects.exists()
    assert HiddenPhoto.objects.get().photo_id == upload.photo_id


def test_an_upload_that_is_refused_begins_no_letter(cast, data, settings):
    too_long = settings.BESIDE.upload_max_bytes + 1

    with pytest.raises(TooLarge):
        begin_upload(cast.rose, too_long, post_id=uuid4(), at=NOW)

    assert not Post.objects.exists()


def test_an_upload_for_a_letter_of_others_leaves_nothing(cast, data):
    post = make_post(cast.tom)

    with pytest.raises(NotAnAuthor):
        begin_upload(cast.rose, 4, post_id=post.pk, at=NOW)

    assert not Photo.objects.exists()
