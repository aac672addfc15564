"""Saving a letter while it is written, from any number of devices, without overwriting any of them.

Every open page sends an id of its own and the version it started from. If the saved text is newer than
that version, the page's text is saved beside it instead, and the authors choose between the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Account
from beside.posts.authorship import locked, require_author
from beside.posts.models import Autosave, Post
from beside.posts.signing import without_forged
from beside.posts.text import Text, from_json, save_text, text_of, within


@dataclass(frozen=True, slots=True)
class EditorPage:
    """An open page of the editor: its own random id, and the version its text started from."""

    id: UUID
    version: int


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

    When this returns, the text is stored. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    text, unsigned = without_forged(post, within(post, text), by=by)
    save_it = _save_draft if post.state == Post.State.DRAFT else _save_unpublished
    return replace(save_it(post, text, by=by, page=page, at=at), unsigned=unsigned)


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
