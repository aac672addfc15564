"""The people whom every test knows, and builders for everything else.

Rose and Tom are parents; Nan is family; Ines has lived through it; Ada is a friend; Max is blocked by Tom;
Marit is the host. Anybody else has no name.

The tests' support modules share four words. The *cast* is these people. A *scenario* is the rows and files that a
test starts from (`tests.access.scenario`, `tests.crash.scenario`). An *act* is one thing that somebody does, with
what must be true after it (`tests.access.acts_*`, `tests.crash.acts`). What plays acts in a scenario and checks
after each is the *state machine* (`tests.access.state_machine`), or, where the process is killed, the *runner*
(`tests.crash.runner`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from beside.people.models import Account, Block, Circle, Membership, Profile
from beside.photos.models import Hold, KeyEpoch, Photo, Rendition
from beside.photos.vault.keyring import keyring_of, keys_for_new, open_keyring
from beside.photos.vault.sealing import seal
from beside.photos.vault.store import store
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post

NAMES = ("rose", "tom", "nan", "ines", "ada", "max", "marit")
NOW = timezone.now()


@dataclass
class Cast:
    rose: Account
    tom: Account
    nan: Account
    ines: Account
    ada: Account
    max: Account
    marit: Account

    def __getitem__(self, name: str) -> Account:
        return getattr(self, name)

    def __iter__(self):
        return (self[name] for name in NAMES)


def make_cast(domain: str = "home.example") -> Cast:
    people = {
        name: Account(email=f"{name}@{domain}", password="!", is_host=name == "marit")
        for name in NAMES
    }
    Account.objects.bulk_create(people.values())
    Profile.objects.bulk_create(
        Profile(account=account, name=name.capitalize()) for name, account in people.items()
    )
    Block.objects.create(blocker=people["tom"], blocked=people["max"], at=NOW)
    return Cast(**people)


def make_account(name: str, **fields: Any) -> Account:
    account = Account(email=f"{name}@home.example", password="!", **fields)
    account.save(force_insert=True)
    Profile.objects.create(account=account, name=name.capitalize())
    return account


def make_circle(owner: Account, name: str = "Family", *, of: Iterable[Account] = ()) -> Circle:
    circle = Circle.objects.create(owner=owner, name=name)
    Membership.objects.bulk_create(
        Membership(circle=circle, account=account, added_at=NOW) for account in of
    )
    return circle


def make_post(
    *authors: Account,
    words_for: Audience | Iterable[Account | Circle] = Audience.ONLY_US,
    photographs_for: Audience | Iterable[Account | Circle] = Audience.ONLY_US,
    photos: Iterable[Photo] = (),
    at: datetime | None = None,
    **fields: Any,
) -> Post:
    """A published post, unless `state` says otherwise. Audiences are levels, or the people."""
    at = at or NOW - timedelta(days=1)
    state = fields.setdefault("state", Post.State.PUBLISHED)
    if state != Post.State.DRAFT:
        fields.setdefault("published_at", at)
    if state == Post.State.TAKEN_BACK:
        fields.setdefault("taken_back_at", at)
    fields.setdefault("written_on", at.date())
    fields.setdefault("title", "The fourteenth of March")
    fields.setdefault("words", "We knew from about four in the afternoon.")
    fields.setdefault("note", "A hospital room. He had died. You can't see his face.")
    named = {"words": _named(words_for), "photographs": _named(photographs_for)}
    levels = {
        "words": words_for if named["words"] is None else Audience.PEOPLE,
        "photographs": photographs_for if named["photographs"] is None else Audience.PEOPLE,
    }
    post = Post.objects.create(
        words_for=levels["words"],
        photographs_for=levels["photographs"],
        begun_at=at,
        saved_at=at,
        **fields,
    )
    for author in authors:
        Authorship.objects.create(post=post, account=author, joined_at=at)
    for part, what in (("words", Grant.What.WORDS), ("photographs", Grant.What.PHOTOGRAPHS)):
        for one in named[part] or ():
            key = "circle" if isinstance(one, Circle) else "account"
            Grant.objects.create(post=post, what=what, **{key: one})
    for position, photo in enumerate(photos):
        PlacedPhoto.objects.create(post=post, photo=photo, position=position)
    return post


def make_photo(uploader: Account, **fields: Any) -> Photo:
    """Rows of a photograph that is ready; its keys open nothing. See `make_sealed_photo`."""
    fields.setdefault("description", "Morning light on a hospital wall.")
    fields.setdefault("caption", "Room 4, a little after six.")
    fields.setdefault("state", Photo.State.READY)
    photo = Photo.objects.create(
        uploader=uploader,
        uploaded_at=NOW,
        kind="jpeg",
        width=1200,
        height=800,
        original_bytes=1000,
        **fields,
    )
    Hold.objects.bulk_create(
        Hold(photo=photo, account=uploader, kind=kind, wrapped=uuid.uuid4().bytes)
        for kind in Hold.Kind
    )
    Rendition.objects.create(
        photo=photo, name="w480", media_type="image/avif", width=480, height=320, stored_bytes=100
    )
    return photo


def _named(audience: Audience | Iterable[Account | Circle]) -> list[Account | Circle] | None:
    return None if isinstance(audience, int) else list(audience)


RENDITIONS = ("w480", "w1080", "w2048", "large", "jpeg")


def make_sealed_photo(
    uploader: Account, *, marker: str = "", names: Iterable[str] = RENDITIONS, **fields: Any
) -> Photo:
    """A photograph that is ready, with real keys and sealed renditions in the store.

    Each rendition's bytes are `bytes_of(photo, name)`: a string that can be searched for.
    `marker` begins them; by default it is the photograph's id.
    """
    open_keyring()
    fields.setdefault("description", "Morning light on a hospital wall.")
    fields.setdefault("caption", "Room 4, a little after six.")
    photo = Photo.objects.create(
        uploader=uploader,
        uploaded_at=NOW,
        kind="jpeg",
        width=1200,
        height=800,
        original_bytes=1000,
        state=Photo.State.READY,
        **fields,
    )
    key = keys_for_new(photo, holder=uploader).shown
    ring = keyring_of(KeyEpoch.objects.get().instance)
    for name in names:
        rendition = Rendition(
            photo=photo,
            name=name,
            media_type="image/jpeg" if name == "jpeg" else "image/avif",
            width=480,
            height=320,
        )
        data = seal(key, ring.identity(photo.pk, rendition.pk, name), bytes_of(photo, name, marker))
        rendition.stored_bytes = len(data)
        store().put(rendition.pk, data)
        rendition.save(force_insert=True)
    return photo


def bytes_of(photo: Photo, name: str, marker: str = "") -> bytes:
    """What the rendition of that name holds."""
    return f"pixels:{marker or photo.pk.hex}:{name}".encode() * 20
