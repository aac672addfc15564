"""What `bench.pages` opens: written into the place that the environment names, and told as JSON.

It runs with the interpreter and the `beside` of the checkout that is measured, so it uses little but models.
"""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from PIL import Image  # noqa: E402 -- Django comes first

from bench.people import family, person, session  # noqa: E402
from beside.access.models import Consent  # noqa: E402
from beside.cli import demo  # noqa: E402
from beside.cli.process.setup import prepare  # noqa: E402
from beside.people.models import Account  # noqa: E402
from beside.photos.models import KeyEpoch, Photo, Rendition  # noqa: E402
from beside.photos.vault.keyring import keyring_of, keys_for_new  # noqa: E402
from beside.photos.vault.sealing import seal  # noqa: E402
from beside.photos.vault.store import store  # noqa: E402
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post  # noqa: E402

LETTERS, IN_A_LETTER, IN_THE_DRAFT, IN_THE_DRAWER = 12, 6, 41, 1000
WORDS = "We knew from about four in the afternoon.\n\nAnd then it was evening.\n\n" * 10
SMALL, ALL = {"w480": 480}, {"w480": 480, "w1080": 1080, "w2048": 2048, "jpeg": 1600}
SOURCES = sorted((Path(demo.__file__).parent / "photographs").glob("*.webp"))


def main() -> None:
    """Make it, and print the cookie and the paths of the pages."""
    prepare()
    anna, jonas = person("anna"), person("jonas")
    letter = _letters(jonas, reader=anna)
    draft = _post(anna, "A draft", state=Post.State.DRAFT, published_at=None)
    _place(draft, [_photograph(anna, number, SMALL) for number in range(IN_THE_DRAFT)])
    for number in range(IN_THE_DRAWER):
        _photograph(anna, number, SMALL)
    key = session(anna, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = {
        "Home": "/",
        f"A letter, {IN_A_LETTER} open": f"/posts/{letter.pk}/",
        f"Write, {IN_THE_DRAFT} photographs": f"/posts/{draft.pk}/edit/",
        f"Drawer, {IN_THE_DRAWER}": "/drawer/",
    }
    print(json.dumps({"cookie": [settings.SESSION_COOKIE_NAME, key], "pages": pages}))


def _letters(author: Account, *, reader: Account) -> Post:
    """Letters that the reader may see, and the one whose photographs the reader has opened."""
    now = timezone.now()
    circle = family(author, reader)
    posts = [
        _post(author, f"Letter {number}", state=Post.State.PUBLISHED, published_at=now - day)
        for number in range(LETTERS)
        for day in [timedelta(days=number)]
    ]
    Grant.objects.bulk_create(
        Grant(post=post, what=what, circle=circle) for post in posts for what in Grant.What
    )
    for post in posts[:2]:
        _place(post, [_photograph(author, number, ALL) for number in range(IN_A_LETTER)])
    opened = posts[0].placed.values_list("photo_id", flat=True)
    Consent.objects.bulk_create(Consent(photo_id=photo, account=reader) for photo in opened)
    return posts[0]


def _post(author: Account, title: str, **fields: object) -> Post:
    now = timezone.now()
    post = Post.objects.create(
        title=title,
        words=WORDS,
        words_for=Audience.PEOPLE,
        photographs_for=Audience.PEOPLE,
        note="What can be seen.",
        begun_at=now,
        saved_at=now,
        written_on=now.date(),
        **fields,
    )
    Authorship.objects.create(post=post, account=author, joined_at=now)
    return post


def _place(post: Post, photos: list[Photo]) -> None:
    PlacedPhoto.objects.bulk_create(
        PlacedPhoto(post=post, photo=photo, position=place, number=place + 1)
        for place, photo in enumerate(photos)
    )


def _photograph(author: Account, number: int, sizes: dict[str, int]) -> Photo:
    source = SOURCES[number % len(SOURCES)]
    width, height = Image.open(source).size
    photo = Photo.objects.create(
        uploader=author,
        state=Photo.State.READY,
        uploaded_at=timezone.now() - timedelta(days=number // 4),
        width=width,
        height=height,
        description="What can be seen in it.",
    )
    key = keys_for_new(photo, holder=author).shown
    ring = keyring_of(KeyEpoch.objects.get().instance)
    here = store()
    for name, wide in sizes.items():
        rendition = Rendition(photo=photo, name=name, width=wide, height=wide * height // width)
        kind = "jpeg" if name == "jpeg" else "webp"
        rendition.media_type = f"image/{kind}"
        sealed = seal(key, ring.identity(photo.pk, rendition.pk, name), _bytes(source, wide, kind))
        rendition.stored_bytes = len(sealed)
        here.put(rendition.pk, sealed)
        rendition.save(force_insert=True)
    return photo


_MADE: dict[tuple[Path, int, str], bytes] = {}


def _bytes(source: Path, wide: int, kind: str) -> bytes:
    """A photograph of the demonstration at this width. Chromium reads WebP whatever a page calls it."""
    if (source, wide, kind) not in _MADE:
        picture = Image.open(source).convert("RGB")
        picture = picture.resize((wide, wide * picture.height // picture.width))
        file = io.BytesIO()
        picture.save(file, kind.upper(), quality=60)
        _MADE[source, wide, kind] = file.getvalue()
    return _MADE[source, wide, kind]


if __name__ == "__main__":
    main()
