"""Words kept while they are written, from any number of devices: none of them is ever written over.

Every open page names itself and the version that it stands on. Words that stand on an older
version than the one that is kept don't replace it; they are kept beside it, for the authors to
choose from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Account
from beside.posts.authorship import locked, require_author
from beside.posts.models import Autosave, Post
from beside.posts.signing import honest
from beside.posts.text import Written, from_json, put, within, written


@dataclass(frozen=True, slots=True)
class Page:
    """An open page: a random id of its own, and the version that its words stand on."""

    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Kept:
    """That words are safe. `beside` is their own row, where another device had been quicker.

    `unsigned` are the names whose signatures among them became plain words (`posts.signing`).
    """

    version: int
    beside: Autosave | None = None
    unsigned: tuple[str, ...] = ()


@transaction.atomic
def keep(post: Post, said: Written, *, by: Account, page: Page, at: datetime) -> Kept:
    """Keep what was typed, and show it to nobody: a draft's in the draft, a published post's aside.

    When this returns the words are safe: in `version`, or in a row `beside` it.
    Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    said, unsigned = honest(post, within(post, said), by=by)
    keep_it = _keep_draft if post.state == Post.State.DRAFT else _keep_unshown
    return replace(keep_it(post, said, by=by, page=page, at=at), unsigned=unsigned)


def unshown(post: Post, *, by: Account) -> Autosave | None:
    """What this author has changed in a published post and not shown yet, if anything."""
    require_author(post, by=by)
    return Autosave.objects.filter(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN).first()


def from_other_devices(post: Post, *, by: Account) -> list[Autosave]:
    """What was written at the same time elsewhere, newest first, for any of the authors."""
    require_author(post, by=by)
    kind = Autosave.Kind.OTHER_DEVICE
    return list(Autosave.objects.filter(post=post, kind=kind).order_by("-kept_at"))


@transaction.atomic
def take(keeping: Autosave, *, by: Account, at: datetime) -> None:
    """Go on with the other version. The one that it replaces is kept in its place."""
    post = locked(keeping.post, by=by)
    other = within(post, from_json(keeping.fields))
    if post.state == Post.State.DRAFT:
        now = written(post)
        _into_draft(post, other, page=None, at=at)
    else:
        row = unshown(post, by=by)
        now = from_json(row.fields) if row else written(post)
        _into_unshown(row, post, said=other, by=by, at=at)
    keeping.fields, keeping.kept_at, keeping.kept_from = now.as_json(), at, None
    keeping.save()


@transaction.atomic
def throw_away(keeping: Autosave, *, by: Account) -> None:
    """Let the other version go, for good. The letter itself stays as it is."""
    require_author(keeping.post, by=by)
    keeping.delete()


def keep_beside(post: Post, said: Written, *, by: Account, page: UUID, at: datetime) -> Autosave:
    """Keep a page's words as another device's; the page's own row is written over, and no other."""
    row, _new = Autosave.objects.update_or_create(
        post=post,
        author=by,
        kind=Autosave.Kind.OTHER_DEVICE,
        kept_from=page,
        defaults={"fields": said.as_json(), "kept_at": at},
    )
    return row


def _keep_draft(post: Post, said: Written, *, by: Account, page: Page, at: datetime) -> Kept:
    if written(post) == said:
        return Kept(post.version)
    if post.version != page.version and post.kept_from != page.id:
        beside = keep_beside(post, said, by=by, page=page.id, at=at)
        return Kept(page.version, beside)
    _into_draft(post, said, page=page.id, at=at)
    return Kept(post.version)


def _into_draft(post: Post, said: Written, *, page: UUID | None, at: datetime) -> None:
    post.version += 1
    post.kept_at, post.kept_from = at, page
    put(post, said)


def _keep_unshown(post: Post, said: Written, *, by: Account, page: Page, at: datetime) -> Kept:
    row = unshown(post, by=by)
    now = from_json(row.fields) if row else written(post)
    version = row.version if row else 0
    if now == said:
        return Kept(version)
    if row and row.version != page.version and row.kept_from != page.id:
        beside = keep_beside(post, said, by=by, page=page.id, at=at)
        return Kept(page.version, beside)
    return Kept(_into_unshown(row, post, said=said, by=by, at=at, page=page.id))


def _into_unshown(
    row: Autosave | None,
    post: Post,
    *,
    said: Written,
    by: Account,
    at: datetime,
    page: UUID | None = None,
) -> int:
    row = row or Autosave(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN, version=0)
    row.version += 1
    row.fields, row.kept_at, row.kept_from = said.as_json(), at, page
    row.save()
    return row.version
