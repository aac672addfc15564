"""The scenario that every act starts from: two people, a published letter with photographs, one more in the drawer."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

from django.conf import settings
from django.db import connections

from beside.access.models import Consent
from beside.cli.process.setup import make_folders, prepare_tables
from beside.people import accounts, circles
from beside.people.models import Account
from beside.photos import developing, uploads
from beside.photos.intake import Developed, Made
from beside.photos.models import Photo
from beside.photos.vault.keyring import open_keyring
from beside.posts import audiences, autosave, drafting, publishing
from beside.posts.autosave import EditorPage
from beside.posts.models import Audience, Post
from beside.posts.reach import Chosen, Reach
from beside.posts.text import text_of

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
ORIGINAL = random.Random(14).randbytes(6000)
_IN_DRAWER = "In the second drawer down."
WORDS = "We knew from about four in the afternoon."


def make() -> None:
    """Write the scenario into an empty data folder, and leave no connection open."""
    without_darkroom()
    make_folders(settings.BESIDE.data)
    prepare_tables()
    open_keyring()
    # An empty file is enough: `tests.crash.disk` acts out that removing it frees room.
    (settings.BESIDE.data / "reserve").touch()
    rose = accounts.make_account("rose@home.example", name="Rose", at=AT)
    nan = accounts.make_account("nan@home.example", name="Nan", at=AT)
    circles.add(circles.make(rose, name="Family"), nan, at=AT)
    post = drafting.begin(uuid4(), by=rose, at=AT)
    for _ in range(2):
        drafting.place(post, put_in(rose), by=rose)
    write(post, rose)
    while developing.develop_next(AT):
        pass
    publishing.publish(post, by=rose, at=AT)
    for placed in post.placed.all():
        Consent.objects.create(photo=placed.photo, account=nan)
    Photo.objects.filter(pk=put_in(rose).pk).update(caption=_IN_DRAWER)
    developing.develop_next(AT)
    connections.close_all()


def rose() -> Account:
    return Account.objects.get(email="rose@home.example")


def nan() -> Account:
    return Account.objects.get(email="nan@home.example")


def published() -> Post | None:
    """The letter that was there from the start."""
    return Post.objects.filter(published_at=AT).first()


def in_drawer() -> Photo:
    return Photo.objects.get(caption=_IN_DRAWER)


def put_in(account: Account) -> Photo:
    upload = uploads.begin(account, len(ORIGINAL), at=AT)
    uploads.receive(upload, BytesIO(ORIGINAL).read, offset=0, at=AT)
    return upload.photo


def write(post: Post, account: Account) -> None:
    said = text_of(post).changed(
        title="The fourteenth of March", words=WORDS, note="A hospital room. He had died."
    )
    autosave.save(post, said, by=account, page=EditorPage(uuid4(), post.version), at=AT)
    reach = Reach(Audience.PEOPLE, circles=frozenset([circles.of(account)[0].pk]))
    audiences.choose(post, Chosen(reach, reach), by=account)


def without_darkroom() -> None:
    """Replace the darkroom: it writes nothing, so it can't be cut off in a write, and its answer is enough."""
    made = tuple(
        Made(name, "image/avif", width, width, random.Random(width).randbytes(700))
        for name, width in (("w480", 480), ("w1080", 1080))
    )

    def develop(read, *, limits, quarters=0):
        while read(1 << 16):
            pass
        return Developed("jpeg", 1080, 1080, None, made)

    developing.develop = develop
