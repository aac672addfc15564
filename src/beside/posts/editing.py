"""Changing what a published letter says. It shows at once; how it stood before stays with its authors."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.posts import audiences
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import locked, require_author, require_every_yes
from beside.posts.autosave import Kept, Page, keep_beside
from beside.posts.models import Autosave, Post, Revision
from beside.posts.signing import honest
from beside.posts.text import Written, put, within, written


@transaction.atomic
def edit(post: Post, said: Written, *, by: Account, page: Page, at: datetime) -> Kept:
    """Make the published post say this. `page.version` is the post's version that it stands on.

    Where somebody else changed it meanwhile, nothing is changed, and the words are
    kept `beside`. Unfolding photographs needs every author. Raises `NotAnAuthor`,
    `TakenBackForGood`, `NoteNeeded`, `WaitsForOthers`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    (said, unsigned), now = honest(post, within(post, said), by=by), written(post)
    beside = None
    if said != now and post.version != page.version:
        beside = keep_beside(post, said, by=by, page=page.id, at=at)
    elif said != now:
        _apply(post, said, before=now, by=by, at=at)
    Autosave.objects.filter(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN).delete()
    return Kept(post.version, beside, unsigned)


def history(post: Post, *, by: Account) -> list[Revision]:
    """How it stood before, newest first. Only for its authors; raises `NotAnAuthor`."""
    require_author(post, by=by)
    revisions = Revision.objects.filter(post=post).select_related("editor__profile")
    return list(revisions.order_by("-replaced_at", "pk"))


def _apply(post: Post, said: Written, *, before: Written, by: Account, at: datetime) -> None:
    wanted = audiences.chosen(post)
    if audiences.shows_more(post, replace(wanted, veiled=said.veiled)):
        require_every_yes(post, by=by)
    if said.veiled and not wanted.veiled:
        narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    post.note = said.note
    if said.veiled and audiences.needs_note(post, wanted):
        raise audiences.NoteNeeded
    Revision.objects.create(
        post=post,
        editor=by,
        replaced_at=at,
        title=before.title,
        words=before.words,
        note=before.note,
        photographs=before.as_json()["photos"],
    )
    post.version += 1
    post.kept_at, post.kept_from = at, None
    put(post, said)
