from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest

from beside.access import capability
from beside.access.policy import NOBODY, Viewer, photographs_of
from beside.photos.darkroom.printing import AVIF_WIDTHS, LARGE
from beside.photos.models import Photo
from tests.cast import NOW, make_photo, make_post

VISIT = Viewer(session="a-visit")


@pytest.fixture
def seen(cast):
    post = make_post(cast.rose, photos=[make_photo(cast.rose)])
    return photographs_of(post, Viewer(cast.rose.pk), at=NOW).get()


def token_for(seen, viewer=VISIT) -> str:
    return capability.issue(seen, "w480", viewer=viewer, at=NOW).removeprefix("/p/")


def read(token, session="a-visit", after=timedelta()):
    return capability.read(token, session=session, now=(NOW + after).timestamp())


def test_a_capability_names_its_photograph_and_rendition(seen):
    assert read(token_for(seen)) == capability.Capability(seen.pk.bytes, "w480")


def test_every_rendition_that_is_made_can_be_named(seen):
    assert set(capability.RENDITIONS) == {LARGE, "jpeg", *AVIF_WIDTHS}

    for rendition in capability.RENDITIONS:
        path = capability.issue(seen, rendition, viewer=VISIT, at=NOW)
        assert read(path.removeprefix("/p/")) == capability.Capability(seen.pk.bytes, rendition)


def test_it_is_good_for_its_own_visit_only(seen):
    assert read(token_for(seen), session="another-visit") is None
    assert read(token_for(seen), session=None) is None


def test_a_visit_without_a_session_has_its_own(seen):
    assert read(token_for(seen, NOBODY), session=None) is not None


def test_it_grows_old_after_an_hour(seen):
    assert read(token_for(seen), after=timedelta(minutes=59)) is not None
    assert read(token_for(seen), after=timedelta(hours=1, seconds=1)) is None


def test_a_change_of_any_bit_makes_it_nothing(seen):
    raw = urlsafe_b64decode(token_for(seen) + "=")

    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        assert read(urlsafe_b64encode(changed).rstrip(b"=").decode()) is None


@pytest.mark.parametrize("token", ["", "x", "ä" * 51, "A" * 51, "A" * 52, "=" * 51, "a/b" * 17])
def test_what_is_no_capability_is_nothing(token):
    assert read(token) is None


def test_none_is_made_for_a_photograph_that_is_not_open(cast):
    post = make_post(
        cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[make_photo(cast.rose)]
    )
    folded = photographs_of(post, Viewer(cast.nan.pk), at=NOW).get()

    with pytest.raises(capability.PhotographNotOpen):
        token_for(folded)


def test_none_is_made_for_a_photograph_that_was_not_asked_about(cast):
    photo = make_photo(cast.rose)

    with pytest.raises(capability.PhotographNotOpen):
        token_for(Photo.objects.get(pk=photo.pk))
