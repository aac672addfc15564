from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from beside.photos import uploads
from beside.photos.developing import develop_next
from beside.photos.duplicates import ContentHash
from beside.photos.models import HiddenPhoto, Hold, Photo, Upload
from beside.photos.quota import TooLarge
from beside.photos.vault.destroying import destroy
from beside.posts import destroying
from beside.posts.authorship import NotAnAuthor
from beside.posts.letter_uploads import AlreadyHere, Announced, begin_upload
from beside.posts.models import PlacedPhoto, Post
from tests.cast import NOW, make_post
from tests.data import make


def test_an_upload_for_a_new_letter_begins_the_letter(cast, data):
    post_id = uuid4()

    upload = begin_upload(cast.rose, Announced(4, "a.jpg"), post_id=post_id, at=NOW)

    assert PlacedPhoto.objects.get(photo=upload.photo).post_id == post_id
    assert Post.objects.get(pk=post_id).authorships.get().account == cast.rose


def test_an_upload_without_a_letter_is_in_none(cast, data):
    upload = begin_upload(cast.rose, Announced(4, closed=True), at=NOW)

    assert not PlacedPhoto.objects.exists()
    assert HiddenPhoto.objects.get().photo_id == upload.photo_id


def test_an_upload_that_is_refused_begins_no_letter(cast, data, settings):
    too_long = settings.BESIDE.upload_max_bytes + 1

    with pytest.raises(TooLarge):
        begin_upload(cast.rose, Announced(too_long), post_id=uuid4(), at=NOW)

    assert not Post.objects.exists()


def test_an_upload_for_a_letter_of_others_leaves_nothing(cast, data):
    post = make_post(cast.tom)

    with pytest.raises(NotAnAuthor):
        begin_upload(cast.rose, Announced(4), post_id=post.pk, at=NOW)

    assert not Photo.objects.exists()


def hash_of(content: bytes) -> bytes:
    found = ContentHash()
    found.update(content)
    return found.digest()


CONTENT = make.jpeg()
FILE = Announced(len(CONTENT), "IMG_1.jpg", content_hash=hash_of(CONTENT))


def send(upload: Upload, content: bytes = CONTENT) -> Photo:
    """All of it comes, and is developed."""
    pieces = [content]
    uploads.receive(upload, lambda size: pieces.pop() if pieces else b"", offset=0, at=NOW)
    develop_next(NOW)
    return Photo.objects.get(pk=upload.pk)


def test_a_file_that_is_here_is_not_sent_again_unless_asked(cast, data):
    send(begin_upload(cast.rose, FILE, at=NOW))

    with pytest.raises(AlreadyHere, match="You have this one already"):
        begin_upload(cast.rose, FILE, at=NOW)
    anyway = begin_upload(cast.rose, replace(FILE, again=True), at=NOW)

    assert isinstance(anyway, Upload)
    assert Photo.objects.count() == 2


def test_a_file_that_came_by_a_form_is_known_too(cast, data):
    send(begin_upload(cast.rose, replace(FILE, content_hash=None), at=NOW))

    with pytest.raises(AlreadyHere):
        begin_upload(cast.rose, FILE, at=NOW)


def test_a_file_on_its_way_to_the_same_place_goes_on_whatever_the_phone_calls_it(cast, data):
    post = make_post(cast.rose, state="draft")
    first = begin_upload(cast.rose, FILE, post_id=post.pk, at=NOW)

    again = begin_upload(
        cast.rose, replace(FILE, name_on_phone="1000.jpg"), post_id=post.pk, at=NOW
    )

    assert again == first
    with pytest.raises(AlreadyHere, match="already on its way"):
        begin_upload(cast.rose, FILE, at=NOW)
    assert Photo.objects.count() == 1


def test_a_file_in_this_letter_is_not_sent_again_and_the_letter_stays_as_it_was(cast, data):
    post_id = uuid4()
    send(begin_upload(cast.rose, FILE, post_id=post_id, at=NOW))

    with pytest.raises(AlreadyHere, match="This letter has this one already"):
        begin_upload(cast.rose, FILE, post_id=post_id, at=NOW)
    with pytest.raises(AlreadyHere, match="You have this one already"):
        begin_upload(cast.rose, FILE, post_id=uuid4(), at=NOW)

    assert Post.objects.count() == PlacedPhoto.objects.count() == 1


def test_a_file_in_the_drawer_is_put_in_the_letter_without_being_sent(cast, data):
    photo = send(begin_upload(cast.rose, FILE, at=NOW))
    post = make_post(cast.rose, state="draft")

    found = begin_upload(cast.rose, FILE, post_id=post.pk, at=NOW)

    assert found == photo
    assert PlacedPhoto.objects.get().post == post


def test_nobody_learns_of_the_files_of_others(cast, data):
    send(begin_upload(cast.rose, FILE, at=NOW))

    assert isinstance(begin_upload(cast.tom, FILE, at=NOW), Upload)


def test_a_file_that_was_destroyed_can_be_put_here_again(cast, data):
    photo = send(begin_upload(cast.rose, FILE, at=NOW))

    destroy(Hold.objects.filter(photo=photo), at=NOW)

    assert isinstance(begin_upload(cast.rose, FILE, at=NOW), Upload)


@pytest.mark.parametrize("what", ["photograph", "letter"])
def test_a_file_that_waits_to_be_destroyed_is_sent_again(cast, data, what):
    post_id = uuid4()
    photo = send(begin_upload(cast.rose, FILE, post_id=post_id, at=NOW))
    if what == "photograph":
        destroying.ask_for_photo(photo, by=cast.rose, at=NOW)
    else:
        destroying.ask_for_post(Post.objects.get(), by=cast.rose, at=NOW)

    assert isinstance(begin_upload(cast.rose, FILE, at=NOW), Upload)


def test_what_a_phone_says_of_a_file_gives_way_to_what_the_file_is(cast, data):
    """A wrong hash costs no photograph: neither this one, nor the one that really has it."""
    wrong = replace(FILE, content_hash=hash_of(make.turned(5)))
    send(begin_upload(cast.rose, wrong, at=NOW))

    other = begin_upload(cast.rose, replace(wrong, total_bytes=9), at=NOW)

    assert isinstance(other, Upload)
    with pytest.raises(AlreadyHere):
        begin_upload(cast.rose, FILE, at=NOW)
