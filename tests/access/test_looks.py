from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from beside.access import looks
from beside.access.models import Look, TrailEntry
from beside.access.policy import NothingToSee, Sight, Viewer, see, with_openness
from beside.notices.models import Notice
from beside.people import blocks, moderators
from beside.people.models import Session
from beside.photos import hidden
from beside.photos.models import Photo
from beside.posts import closing, suspensions, taking_back
from beside.posts.models import Post
from tests.at_once import at_once
from tests.cast import NOW, make_cast, make_photo, make_post

REPORT = "00000000-0000-4000-8000-00000000aaaa"
WHY = "Somebody says that it shows their child."


def session_of(account, key="session-of-marit") -> str:
    Session.objects.create(
        session_key=key,
        session_data="",
        expire_date=timezone.now() + timedelta(days=1),
        account=account,
    )
    return key


@pytest.fixture
def post(cast):
    return make_post(cast.rose, photos=[make_photo(cast.rose), make_photo(cast.rose)])


@pytest.fixture
def marit(cast) -> Viewer:
    return Viewer(cast.marit.pk, session_of(cast.marit))


def look(viewer, post, photo=None, at=None):
    looks.begin(viewer, post.pk, photo, report=REPORT, reason=WHY, at=at or timezone.now())


def sight(viewer, post, at=None) -> int:
    try:
        return see(viewer, post.pk, at=at or timezone.now()).sight
    except NothingToSee:
        return Sight.NOTHING


def opened(viewer, at=None) -> set:
    photos = with_openness(Photo.objects.all(), viewer, at=at or timezone.now())
    return {photo.pk for photo in photos if photo.is_open}


def photos_of(post) -> list:
    return list(post.placed.order_by("position").values_list("photo", flat=True))


def test_a_look_opens_the_words_and_then_one_photograph(post, marit):
    first, _second = photos_of(post)
    before = sight(marit, post)

    look(marit, post)
    words, none_yet = sight(marit, post), opened(marit)
    look(marit, post, first)

    assert (before, words, none_yet) == (Sight.NOTHING, Sight.WORDS, set())
    assert (sight(marit, post), opened(marit)) == (Sight.WORDS, {first})


def test_no_photograph_before_the_words(post, marit):
    with pytest.raises(NothingToSee):
        look(marit, post, photos_of(post)[0])

    assert not TrailEntry.objects.exists()


def test_it_is_written_down_and_each_author_is_told(cast, marit):
    post = make_post(cast.rose, cast.tom)

    look(marit, post)

    entry = TrailEntry.objects.get()
    assert (entry.moderator, entry.post, entry.reason) == (marit.account, post.pk, WHY)
    told = Notice.objects.filter(kind=Notice.Kind.LOOKED, about=post.pk)
    assert set(told.values_list("recipient", flat=True)) == {cast.rose.pk, cast.tom.pk}


def test_it_counts_in_one_session_and_for_a_short_term(cast, post, marit):
    look(marit, post)
    look(marit, post, photos_of(post)[0])
    elsewhere = Viewer(cast.marit.pk, session_of(cast.marit, "another"))
    over = timezone.now() + looks.TERM

    assert (sight(elsewhere, post), opened(elsewhere)) == (Sight.NOTHING, set())
    assert (sight(marit, post, over), opened(marit, over)) == (Sight.NOTHING, set())
    looks.purge(at=over)
    assert not Look.objects.exists()


def test_it_shows_nothing_that_was_closed_or_taken_back(post, marit, cast, data):
    look(marit, post)
    look(marit, post, photos_of(post)[0])

    closing.close(post, by=cast.rose, at=NOW)
    closed = sight(marit, post), opened(marit)
    taking_back.take_back(post, by=cast.rose, at=NOW)

    assert closed == (Sight.NOTHING, set())
    assert (sight(marit, post), opened(marit)) == (Sight.NOTHING, set())
    for photo in (None, photos_of(post)[0]):
        with pytest.raises(NothingToSee):
            look(marit, post, photo)


def test_it_shows_nothing_that_the_moderator_has_hidden_or_that_left_the_letter(post, marit, cast):
    first, second = photos_of(post)
    look(marit, post)
    look(marit, post, first)
    look(marit, post, second)
    hidden.HiddenPhoto.objects.create(photo_id=first, account=cast.marit, since=NOW)
    post.placed.filter(photo=second).delete()

    assert opened(marit) == set()


def test_a_block_does_not_keep_a_moderator_out_and_a_suspended_letter_can_be_read(
    post, marit, cast
):
    blocks.block(cast.rose, cast.marit, at=NOW)
    suspensions.suspend(post.pk, because="", at=NOW)

    look(marit, post)

    assert sight(marit, post) == Sight.WORDS


def test_it_narrows_nothing_that_the_moderator_may_see_anyway(cast, marit):
    post = make_post(
        cast.rose,
        words_for=[cast.marit],
        photographs_for=[cast.marit],
        photos=[make_photo(cast.rose)],
    )

    look(marit, post)

    assert sight(marit, post) == Sight.VEIL


def test_it_ends_with_being_a_moderator_with_the_report_and_with_the_session(cast, post):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)
    ines = Viewer(cast.ines.pk, session_of(cast.ines))
    look(ines, post)
    before = sight(ines, post)

    moderators.end(cast.ines.pk, by=cast.ines, at=NOW)
    after = sight(ines, post)

    assert (before, after) == (Sight.WORDS, Sight.NOTHING)
    looks.end(REPORT)
    assert not Look.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
def test_a_look_against_a_taking_back(order, data):
    cast = make_cast()
    post = make_post(cast.rose, photos=[make_photo(cast.rose)])
    marit = Viewer(cast.marit.pk, session_of(cast.marit))

    acts = [
        lambda: look(marit, post),
        lambda: taking_back.take_back(post, by=cast.rose, at=NOW),
    ][::order]
    both = at_once(*acts)

    assert both.raised() == ([] if order == 1 else [NothingToSee])
    assert Post.objects.get().state == Post.State.TAKEN_BACK
    assert sight(marit, post) == Sight.NOTHING
    assert TrailEntry.objects.count() == (1 if order == 1 else 0)
