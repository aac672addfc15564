"""Saving a letter while it is written, from any number of devices, without overwriting any of them.

Every open page sends an id of its own and the version it started from. If the saved text is newer than
that version, the page's text is saved beside it instead, and the authors choose between the two.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Account
from beside.posts.authorship import NotAnAuthor, locked, require_author
from beside.posts.models import Autosave, Post
from beside.posts.signing import without_forged
from beside.posts.text import PhotoText, Text, from_json, save_text, text_of, within


@dataclass(frozen=True, slots=True)
class EditorPage:
    """An open page of the editor: its own random id, and the version its text started from."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """An open page for one photograph's words: its random id, and the `digest` of those it started from."""

    id: UUID
    based_on: str


@dataclass(frozen=True, slots=True)
class Saved:
    """Text was saved as `version`, or as the row `beside` if another device had saved in the meantime.

    `unsigned` are the names whose signatures in it became plain words (`posts.signing`).
    """

    version: int
    beside: Autosave | None = None
    unsigned: tuple[str, ...] = ()


@transaction.atomic
def save(post: Post, text: Text, *, by: Account, page: EditorPage, at: datetime) -> Saved:
    """Save what was typed without showing it to anybody: in a draft itself, or beside a published post.

    Photographs that `text` leaves out keep the words they have. When this returns, the text is stored.
    Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    text, unsigned = without_forged(post, completed(post, text, by=by), by=by)
    save_it = _save_draft if post.state == Post.State.DRAFT else _save_unpublished
    return replace(save_it(post, text, by=by, page=page, at=at), unsigned=unsigned)


@transaction.atomic
def save_photo(
    post: Post, photo_id: UUID, words: PhotoText, *, by: Account, page: PhotoPage, at: datetime
) -> Saved:
    """Save what was typed about one photograph, without showing it to anybody.

    If its words have changed since the page was opened, the letter with these is saved beside instead.
    No other page's version changes: a letter's words and those of its photographs are written on
    different pages. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    row = _own_row(post, by=by)
    now = _text(post, row)
    if photo_id not in now.photos:
        raise NotAnAuthor
    version = row.version if row else post.version
    text = now.changed(photos={**now.photos, photo_id: words})
    if text == now:
        return Saved(version)
    if digest(now.photos[photo_id]) != page.based_on:
        return Saved(version, save_beside(post, text, by=by, page=page.id, at=at))
    _write_words(post, row, text, by=by, at=at)
    return Saved(version)


@transaction.atomic
def add_photo_line(post: Post, number: int, *, by: Account, at: datetime) -> None:
    """Set a photograph among the words, at their end, without showing it. Raises `NotAnAuthor`.

    An open page that has other words sees it as another device's change.
    """
    post = locked(post, by=by)
    row = _own_row(post, by=by)
    now = _text(post, row)
    text = now.changed(words=f"{now['words'].rstrip()}\n\n[photograph {number}]\n".lstrip())
    if post.state == Post.State.DRAFT:
        _write_draft(post, text, page=None, at=at)
    else:
        _write_unpublished(row, post, text=text, by=by, at=at)


def digest(words: PhotoText) -> str:
    """A digest of a photograph's words, to tell whether they have changed."""
    return hashlib.sha256(json.dumps(astuple(words)).encode()).hexdigest()


def current_text(post: Post, *, by: Account) -> Text:
    """The letter as this author is writing it: with the changes that nobody has been shown yet."""
    return _text(post, _own_row(post, by=by))


def completed(post: Post, text: Text, *, by: Account) -> Text:
    """`text` with exactly the photographs of `post`; those it leaves out have their current words."""
    photos = current_text(post, by=by).photos
    return text.changed(
        photos={photo: text.photos.get(photo, one) for photo, one in photos.items()}
    )


def unpublished_changes(post: Post, *, by: Account) -> Autosave | None:
    """What this author has changed in a published post and not shown yet. Raises `NotAnAuthor`."""
    require_author(post, by=by)
    return Autosave.objects.filter(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN).first()


def from_other_devices(post: Post, *, by: Account) -> list[Autosave]:
    """What was written elsewhere at the same time by any author, newest first. Raises `NotAnAuthor`."""
    require_author(post, by=by)
    kind = Autosave.Kind.OTHER_DEVICE
    return list(Autosave.objects.filter(post=post, kind=kind).order_by("-saved_at"))


@transaction.atomic
def restore(autosave: Autosave, *, by: Account, at: datetime) -> None:
    """Continue with the other version; the text it replaces is saved in its place. Raises `NotAnAuthor`."""
    post = locked(autosave.post, by=by)
    other = within(post, from_json(autosave.fields))
    if post.state == Post.State.DRAFT:
        now = text_of(post)
        _write_draft(post, other, page=None, at=at)
    else:
        row = unpublished_changes(post, by=by)
        now = from_json(row.fields) if row else text_of(post)
        _write_unpublished(row, post, text=other, by=by, at=at)
    autosave.fields, autosave.saved_at, autosave.saved_from = now.as_json(), at, None
    autosave.save()


@transaction.atomic
def discard(autosave: Autosave, *, by: Account) -> None:
    """Delete the other version for good; the letter itself stays as it is. Raises `NotAnAuthor`."""
    require_author(autosave.post, by=by)
    autosave.delete()


def save_beside(post: Post, text: Text, *, by: Account, page: UUID, at: datetime) -> Autosave:
    """Save a page's text as another device's, replacing only what the same page saved before."""
    row, _new = Autosave.objects.update_or_create(
        post=post,
        author=by,
        kind=Autosave.Kind.OTHER_DEVICE,
        saved_from=page,
        defaults={"fields": text.as_json(), "saved_at": at},
    )
    return row


def _own_row(post: Post, *, by: Account) -> Autosave | None:
    return None if post.state == Post.State.DRAFT else unpublished_changes(post, by=by)


def _text(post: Post, row: Autosave | None) -> Text:
    return within(post, from_json(row.fields)) if row else text_of(post)


def _write_words(
    post: Post, row: Autosave | None, text: Text, *, by: Account, at: datetime
) -> None:
    """Save the words of photographs without a new version."""
    if post.state == Post.State.DRAFT:
        post.saved_at = at
        save_text(post, text)
        return
    row = row or Autosave(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN, version=0)
    row.fields, row.saved_at = text.as_json(), at
    row.save()


def _save_draft(post: Post, text: Text, *, by: Account, page: EditorPage, at: datetime) -> Saved:
    if text_of(post) == text:
        return Saved(post.version)
    if post.version != page.version and post.saved_from != page.id:
        beside = save_beside(post, text, by=by, page=page.id, at=at)
        return Saved(page.version, beside)
    _write_draft(post, text, page=page.id, at=at)
    return Saved(post.version)


def _write_draft(post: Post, text: Text, *, page: UUID | None, at: datetime) -> None:
    post.version += 1
    post.saved_at, post.saved_from = at, page
    save_text(post, text)


def _save_unpublished(
    post: Post, text: Text, *, by: Account, page: EditorPage, at: datetime
) -> Saved:
    row = unpublished_changes(post, by=by)
    now = from_json(row.fields) if row else text_of(post)
    version = row.version if row else 0
    if now == text:
        return Saved(version)
    if row and row.version != page.version and row.saved_from != page.id:
        beside = save_beside(post, text, by=by, page=page.id, at=at)
        return Saved(page.version, beside)
    return Saved(_write_unpublished(row, post, text=text, by=by, at=at, page=page.id))


def _write_unpublished(
    row: Autosave | None,
    post: Post,
    *,
    text: Text,
    by: Account,
    at: datetime,
    page: UUID | None = None,
) -> int:
    row = row or Autosave(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN, version=0)
    row.version += 1
    row.fields, row.saved_at, row.saved_from = text.as_json(), at, page
    row.save()
    return row.version
