"""Changing what a published letter says. The change shows at once; the authors can read earlier versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.posts import audiences, reach
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import locked, require_all_authors, require_author
from beside.posts.autosave import EditorPage, Saved, completed, save_beside
from beside.posts.models import Autosave, Post, Revision
from beside.posts.signing import without_forged
from beside.posts.text import Text, save_text, text_of


@transaction.atomic
def edit(post: Post, text: Text, *, by: Account, page: EditorPage, at: datetime) -> Saved:
    """Make the published post say `text`. `page.version` is the version of the post it started from.

    Photographs that `text` leaves out get the words that their author has saved for them since.
    If somebody else has changed the post since, nothing changes and the text is saved `beside`.
    Unfolding photographs needs every author. Raises `NotAnAuthor`, `TakenBackForGood`, `NoteNeeded`
    and `WaitsForOthers`.
    """
    post = locked(post, by=by)
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    text, unsigned = without_forged(post, completed(post, text, by=by), by=by)
    now = text_of(post)
    beside = None
    if text != now and post.version != page.version:
        beside = save_beside(post, text, by=by, page=page.id, at=at)
    elif text != now:
        _apply(post, text, before=now, by=by, at=at)
    Autosave.objects.filter(post=post, author=by, kind=Autosave.Kind.NOT_SHOWN).delete()
    return Saved(post.version, beside, unsigned)


def history(post: Post, *, by: Account) -> list[Revision]:
    """The earlier versions of a post, newest first, for its authors only. Raises `NotAnAuthor`."""
    require_author(post, by=by)
    revisions = Revision.objects.filter(post=post).select_related("editor__profile")
    return list(revisions.order_by("-replaced_at", "pk"))


def _apply(post: Post, text: Text, *, before: Text, by: Account, at: datetime) -> None:
    wanted = audiences.chosen(post)
    if audiences.shows_more(post, replace(wanted, veiled=text.veiled)):
        require_all_authors(post, by=by)
    if text.veiled and not wanted.veiled:
        narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    post.note = text["note"]
    if text.veiled and reach.needs_note(post, wanted):
        raise reach.NoteNeeded
    photographs = before.as_json()["photos"]
    Revision.objects.create(
        post=post, editor=by, replaced_at=at, photographs=photographs, **before.typed
    )
    post.version += 1
    post.saved_at, post.saved_from = at, None
    save_text(post, text)
