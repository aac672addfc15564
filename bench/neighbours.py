"""One reader and the people they follow; the same letters whatever the size of the instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.people import family, person
from beside.access.models import Consent
from beside.people.models import Account, Circle
from beside.photos.models import Photo, Rendition
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post

CIRCLES_EACH = 50
LETTER = "We knew from about four in the afternoon.\n\nAnd then it was evening.\n\n" * 20


@dataclass(frozen=True)
class Known:
    """A signed-in client and its account, the pages to request, and a letter and photograph that they may see."""

    client: Client
    reader: UUID
    pages: dict[str, str]
    letter: UUID
    photograph: UUID


def make(followed: int, letters_each: int) -> Known:
    """Make the reader and the people they follow. Half of the letters have three veiled photographs each."""
    reader = person("reader")
    people = [person(f"followed{number}") for number in range(followed)]
    posts = [post for one in people for post in _letters(one, reader, letters_each)]
    opened = posts[0]
    Consent.objects.bulk_create(
        Consent(photo_id=placed.photo_id, account=reader) for placed in opened.placed.all()
    )
    client = Client(HTTP_HOST="localhost")
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    return Known(
        client,
        reader.pk,
        {
            "home": reverse("home"),
            "letter, folded": reverse("letter", args=[posts[2].pk]),
            "letter, open": reverse("letter", args=[opened.pk]),
            "person": reverse("profile", args=[people[0].pk]),
        },
        opened.pk,
        opened.placed.all()[0].photo_id,
    )


def _letters(author: Account, reader: Account, count: int) -> list[Post]:
    now = timezone.now()
    circle = family(author, reader)
    Circle.objects.bulk_create(
        Circle(owner=author, name=f"Circle {number}") for number in range(1, CIRCLES_EACH)
    )
    posts = Post.objects.bulk_create(
        Post(
            state=Post.State.PUBLISHED,
            title="A title",
            words=LETTER,
            words_for=Audience.PEOPLE,
            photographs_for=Audience.PEOPLE,
            note="What can be seen.",
            begun_at=now,
            written_on=now.date(),
            saved_at=now,
            published_at=now - timedelta(days=number, seconds=hash(author.pk) % 80_000),
        )
        for number in range(count)
    )
    Authorship.objects.bulk_create(
        Authorship(post=post, account=author, joined_at=now) for post in posts
    )
    Grant.objects.bulk_create(
        Grant(post=post, what=what, circle=circle) for post in posts for what in Grant.What
    )
    _photographs(author, posts[::2])
    return posts


def _photographs(author: Account, posts: list[Post]) -> None:
    photos = Photo.objects.bulk_create(
        Photo(
            uploader=author,
            state=Photo.State.READY,
            uploaded_at=timezone.now(),
            width=1200,
            height=800,
            description="What can be seen in it.",
        )
        for _ in range(3 * len(posts))
    )
    Rendition.objects.bulk_create(
        Rendition(
            photo=photo, name=name, media_type="image/avif", width=480, height=320, stored_bytes=1
        )
        for photo in photos
        for name in ("w480", "w1080", "w2048", "jpeg")
    )
    PlacedPhoto.objects.bulk_create(
        PlacedPhoto(post=posts[place // 3], photo=photo, position=place % 3, number=place % 3 + 1)
        for place, photo in enumerate(photos)
    )
