"""The photographs of a letter on a page for one of its authors, who meets them folded until they ask.

This is no rule about who may be sent a photograph: its authors may. A page that doesn't show one holds no
address of it, and so nothing of it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from beside.access.consents import OwnPhotographs
from beside.access.policy import SeenPhoto, SeenPost, Sight
from beside.posts.models import Post
from beside.web import numbers
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class OwnFold:
    """Photographs that their author hasn't opened: how many, whose, the note for readers, and what opening does."""

    what: str
    by: str
    says: str
    note: str
    is_one: bool = False


def sort(
    photos: Sequence[SeenPhoto], post: SeenPost, own: OwnPhotographs | None
) -> tuple[list[SeenPhoto], list[SeenPhoto], list[SeenPhoto]]:
    """The photographs that the page shows, those that it shows folded, and those that its author has hidden.

    `own` is None on a page for a reader, who has hidden nothing. Where readers are asked first, an
    author who reads as one of them meets what they meet.
    """
    if own is None or post.sight == Sight.VEIL:
        opened = [photo for photo in photos if photo.is_open]
        return opened, [photo for photo in photos if not photo.is_open], []
    seen = [photo for photo in photos if photo.is_open and photo.pk not in own.hidden]
    return (
        [photo for photo in seen if photo.pk in own.opened],
        [photo for photo in seen if photo.pk not in own.opened],
        [photo for photo in photos if photo not in seen],
    )


def fold_of(post: Post, whose: Sequence[str], folded: int, *, more: bool) -> OwnFold | None:
    """The fold in place of `folded` photographs, where `more` are open; None where there are none, or they are nobody's here."""
    if not folded or not whose:
        return None
    return OwnFold(
        what=numbers.more_photographs(folded) if more else numbers.photographs(folded),
        by=in_a_row(whose),
        says=post.note,
        note=_note(post, is_one=folded == 1),
        is_one=folded == 1,
    )


def _note(post: Post, *, is_one: bool) -> str:
    if post.state == Post.State.PUBLISHED and post.veiled:
        return _("Readers choose too, before anything is sent to them.")
    if post.state != Post.State.PUBLISHED:
        if is_one:
            return _("Opening it shows it to nobody else.")
        return _("Opening them shows them to nobody else.")
    if is_one:
        return _("For your readers it’s open. Here it stays folded until you ask.")
    return _("For your readers they’re open. Here they stay folded until you ask.")
