"""Rows, keys and sealed bytes of photographs of given sizes, without developing any."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from bench.people import family, person, session
from beside.access import capability
from beside.access.models import Consent
from beside.access.policy import Viewer, photographs_of
from beside.people.models import Account
from beside.photos.models import KeyEpoch, Photo, Rendition
from beside.photos.vault.keyring import keyring_of, keys_for_new
from beside.photos.vault.sealing import seal
from beside.photos.vault.store import store
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post

# How the peer in `bench.plain_settings` signs people in; delivery doesn't mind.
PLAIN = "django.contrib.auth.backends.ModelBackend"


def make(sizes: dict[str, int], plain: Path, *, backend: str = PLAIN) -> dict[str, Any]:
    """A reader's cookie, and for each size the path at each of the three servers."""
    now = timezone.now()
    author, reader = person("author"), person("reader")
    circle = family(author, reader)
    post = Post.objects.create(
        state=Post.State.PUBLISHED,
        words_for=Audience.PEOPLE,
        photographs_for=Audience.PEOPLE,
        note="What can be seen.",
        begun_at=now,
        saved_at=now,
        published_at=now,
        written_on=now.date(),
    )
    Authorship.objects.create(post=post, account=author, joined_at=now)
    for what in Grant.What:
        Grant.objects.create(post=post, what=what, circle=circle)
    cookie = session(reader, backend=backend)
    viewer = Viewer(reader.pk, cookie)
    paths: dict[tuple[str, str], str] = {}
    for position, (size, length) in enumerate(sizes.items()):
        rendition = _photograph(author, length, plain)
        PlacedPhoto.objects.create(post=post, photo=rendition.photo, position=position)
        Consent.objects.create(photo=rendition.photo, account=reader)
        seen = photographs_of(post, viewer, at=now).get(pk=rendition.photo_id)
        paths[size, "beside"] = capability.issue(seen, "w1080", viewer=viewer, at=now)
        paths[size, "nginx"] = f"/{rendition.pk.hex}"
        paths[size, "django"] = f"/plain/{rendition.pk}"
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "paths": paths}


def _photograph(author: Account, length: int, plain: Path) -> Rendition:
    photo = Photo.objects.create(
        uploader=author,
        state=Photo.State.READY,
        uploaded_at=timezone.now(),
        width=1080,
        height=720,
    )
    key = keys_for_new(photo, holder=author).shown
    ring = keyring_of(KeyEpoch.objects.get().instance)
    data = os.urandom(length)
    rendition = Rendition(
        photo=photo, name="w1080", media_type="image/avif", width=1080, height=720
    )
    sealed = seal(key, ring.identity(photo.pk, rendition.pk, "w1080"), data)
    rendition.stored_bytes = len(sealed)
    store().put(rendition.pk, sealed)
    rendition.save(force_insert=True)
    (plain / rendition.pk.hex).write_bytes(data)
    return rendition
