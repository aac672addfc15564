from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access.models import Consent
from beside.access.policy import (
    NOBODY,
    NothingToSee,
    Sight,
    Viewer,
    people_who_see,
    photographs_of,
    see,
    visible_to,
)
from beside.people.models import Block, Membership
from beside.photos.models import HiddenPhoto, Photo
from beside.posts.models import Audience, Grant, Post
from tests.cast import NOW, make_circle, make_photo, make_post


def sight_of(post, account) -> Sight:
    viewer = Viewer(account.pk) if account else NOBODY
    seen = visible_to(viewer, at=NOW).filter(pk=post.pk).first()
    return Sight(seen.sight) if seen else Sight.NOTHING


EVERYONE = ("rose", "tom", "nan", "ines", "ada", "max", "nobody")


@pytest.mark.parametrize(
    ("words_for", "photographs_for", "signed_in", "expected"),
    [
        (Audience.ONLY_US, Audience.ONLY_US, True, "PNNNNNN"),
        (Audience.ANYONE, Audience.ONLY_US, False, "PWWWWWW"),
        (Audience.ANYONE, Audience.ANYONE, False, "PVVVVVV"),
        (Audience.ANYONE, Audience.ANYONE, True, "PVVVVVN"),
        ("nan ines", "nan", True, "PNVWNNN"),
        (Audience.ANYONE, "nan max", False, "PWVWWVW"),
        ("nan", "ines", True, "PNWNNNN"),
    ],
)
def test_each_of_the_cast_sees_what_the_table_says(
    cast, words_for, photographs_for, signed_in, expected
):
    def people(value):
        return value if isinstance(value, int) else [cast[name] for name in value.split()]

    post = make_post(
        cast.rose,
        words_for=people(words_for),
        photographs_for=people(photographs_for),
        words_signed_in=signed_in,
        photographs_signed_in=signed_in,
        photos=[make_photo(cast.rose)],
    )

    found = [sight_of(post, None if name == "nobody" else cast[name]).name[0] for name in EVERYONE]

    assert "".join(found) == expected


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.CLOSED, Post.State.TAKEN_BACK])
def test_only_authors_meet_a_post_that_is_not_published(cast, state):
    post = make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False, state=state)

    assert sight_of(post, cast.rose) == Sight.PHOTOGRAPHS
    assert sight_of(post, cast.nan) == Sight.NOTHING
    assert sight_of(post, None) == Sight.NOTHING


def test_a_block_by_one_author_shuts_what_both_wrote(cast):
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)

    assert sight_of(post, cast.max) == Sight.NOTHING


def test_whoever_blocks_an_author_meets_nothing_of_theirs(cast):
    post = make_post(cast.rose, words_for=[cast.nan])
    Block.objects.create(blocker=cast.nan, blocked=cast.rose, at=NOW)

    assert sight_of(post, cast.nan) == Sight.NOTHING


def test_a_circle_is_whoever_is_in_it_when_somebody_looks(cast):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[family])
    Membership.objects.create(circle=family, account=cast.ines, added_at=NOW)
    Membership.objects.filter(circle=family, account=cast.nan).delete()

    assert sight_of(post, cast.ines) == Sight.WORDS
    assert sight_of(post, cast.nan) == Sight.NOTHING


def test_named_people_do_not_count_while_it_is_only_us(cast):
    post = make_post(cast.rose, words_for=Audience.ONLY_US)
    Grant.objects.create(post=post, what=Grant.What.WORDS, account=cast.nan)

    assert sight_of(post, cast.nan) == Sight.NOTHING


def test_a_photograph_on_its_way_is_not_told_of(cast):
    photo = make_photo(cast.rose, state=Photo.State.RECEIVED)
    post = make_post(
        cast.rose, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE, photos=[photo]
    )

    assert sight_of(post, cast.nan) == Sight.WORDS


def test_what_may_not_be_seen_is_nothing_to_see(cast):
    post = make_post(cast.rose)

    with pytest.raises(NothingToSee):
        see(Viewer(cast.nan.pk), post.pk, at=NOW)


def test_consent_opens_that_photograph_and_no_other(cast):
    photos = [make_photo(cast.rose), make_photo(cast.rose)]
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=photos)
    Consent.objects.create(photo=photos[1], account=cast.nan)

    opened = [photo.is_open for photo in photographs_of(post, Viewer(cast.nan.pk), at=NOW)]

    assert opened == [False, True]


def test_consent_opens_nothing_to_somebody_it_is_no_longer_for(cast):
    photo = make_photo(cast.rose)
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    Consent.objects.create(photo=photo, account=cast.nan)
    Grant.objects.filter(post=post, what=Grant.What.PHOTOGRAPHS).delete()

    opened = [photo.is_open for photo in photographs_of(post, Viewer(cast.nan.pk), at=NOW)]

    assert opened == [False]


def test_an_author_does_not_see_what_is_closed_for_them(cast):
    photo = make_photo(cast.tom)
    post = make_post(cast.rose, cast.tom, photos=[photo])
    HiddenPhoto.objects.create(photo=photo, account=cast.rose, since=NOW)

    for_rose = [photo.is_open for photo in photographs_of(post, Viewer(cast.rose.pk), at=NOW)]
    for_tom = [photo.is_open for photo in photographs_of(post, Viewer(cast.tom.pk), at=NOW)]

    assert for_rose == [False]
    assert for_tom == [True]


def test_who_can_see_it_is_the_same_rule(cast):
    family = make_circle(cast.rose, of=[cast.nan, cast.max])
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=[family, cast.ines],
        photographs_for=[family],
        photos=[make_photo(cast.rose)],
    )

    found = {account.email.split("@")[0]: Sight(account.sight) for account in people_who_see(post)}

    assert found == {
        "rose": Sight.PHOTOGRAPHS,
        "tom": Sight.PHOTOGRAPHS,
        "nan": Sight.VEIL,
        "ines": Sight.WORDS,
    }


def test_a_consent_of_a_visit_ends(cast, client):
    client.force_login(cast.nan)
    session = client.session.session_key
    photo = make_photo(cast.rose)
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    Consent.objects.create(photo=photo, session_id=session, ends_at=NOW + timedelta(minutes=30))
    viewer = Viewer(cast.nan.pk, session)

    during = [p.is_open for p in photographs_of(post, viewer, at=NOW)]
    after = [p.is_open for p in photographs_of(post, viewer, at=NOW + timedelta(hours=1))]

    assert during == [True]
    assert after == [False]
