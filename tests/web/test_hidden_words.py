"""What is hidden from an author is told on none of their pages, not even in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from beside.access.models import Claim
from beside.photos.models import HiddenPhoto, Photo
from beside.posts.models import Revision
from tests.cast import NOW
from tests.web.browsing import page

HIDDEN, SEEN = "Two hands on a sheet.", "A knitted blanket."


@pytest.fixture
def hidden(cast, post, photos):
    """One photograph that is hidden from Rose and not from Tom, described in an earlier version and in a claim."""
    photo, other = photos[0], photos[1]
    other.description = SEEN
    other.save()
    Photo.objects.filter(pk=photos[2].pk).update(description="")
    HiddenPhoto.objects.create(photo=photo, account=cast.rose, since=NOW)
    said = {str(photo.pk): [HIDDEN, ""], str(other.pk): [SEEN, ""]}
    Revision.objects.create(
        post=post, editor=cast.tom, replaced_at=NOW, words="Before.", photographs=said
    )
    Claim.objects.create(
        post=post,
        photo=photo,
        name="Ines",
        words="It’s me.",
        sent_at=timezone.now() - timedelta(days=30),
        passed_on_at=NOW,
    )
    return photo


@pytest.mark.parametrize("name", ["addenda", "claims", "revisions", "letter", "preview"])
def test_no_page_of_a_letter_describes_what_is_hidden_from_its_reader(post, hidden, visit, name):
    assert HIDDEN not in page(visit("rose"), name, post)


@pytest.mark.parametrize("name", ["addenda", "claims", "revisions"])
def test_to_the_other_author_they_do(post, hidden, visit, name):
    assert HIDDEN in page(visit("tom"), name, post)


def test_nor_does_the_page_on_which_it_is_destroyed(hidden, photos, visit):
    rose = visit("rose")
    described = rose.get(f"/photographs/{photos[1].pk}/destruction/").content.decode()
    closed = rose.get(f"/photographs/{hidden.pk}/destruction/").content.decode()

    assert SEEN in described
    assert HIDDEN not in closed
    assert "It’s one that is hidden from you." in closed
