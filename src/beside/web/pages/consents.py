"""Choosing to look: what a reader is told first, and each photograph by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.policy import SeenPhoto, SeenPost, Sight, Viewer
from beside.web import numbers
from beside.web.forms.editor import IN_THEM
from beside.web.pages import photographs
from beside.web.pages.addenda import added_to
from beside.web.pages.letter import names_of, writers_of
from beside.web.pages.photographs import Added, Print


@dataclass(frozen=True)
class ConsentPage:
    """What a reader is told before they choose whether to look."""

    id: UUID
    by: str
    says: str
    count: int
    in_them: Sequence[str] = field(default_factory=tuple)
    not_in_them: Sequence[str] = field(default_factory=tuple)

    @property
    def show_all(self) -> str:
        """The words of the first of the three buttons."""
        if self.count == 1:
            return _("Show me the photograph")
        if self.count == 2:
            return _("Show me both")
        return _("Show me all %(number)s") % {"number": numbers.in_words(self.count)}

    @property
    def do_not_ask(self) -> str:
        """The words beside the tick."""
        if self.count == 1:
            return _("Don’t ask me again for this one")
        return _("Don’t ask me again for these %(number)s") % {
            "number": numbers.in_words(self.count)
        }


@dataclass(frozen=True)
class Single:
    """One photograph of "One at a time": a print if it's open, otherwise what may be said about it."""

    id: UUID
    anchor: str
    what: str
    says: str
    note: str
    print: Print | None

    @property
    def heading(self) -> str:
        """The id of its heading."""
        return f"{self.anchor}-heading"


@dataclass(frozen=True)
class OneAtATimePage:
    """Each photograph of a letter, folded or open."""

    id: UUID
    singles: Sequence[Single]

    @property
    def is_open(self) -> bool:
        """Whether any photograph is open."""
        return any(single.print for single in self.singles)

    @property
    def is_all_open(self) -> bool:
        """Whether every photograph is open."""
        return all(single.print for single in self.singles)


def consent_page(post: SeenPost, viewer: Viewer, *, at: datetime) -> ConsentPage | None:
    """The page "Before you look"; None where nothing is folded for `viewer`."""
    folded = sum(not photo.is_open for photo in photographs.ready(post, viewer, at=at))
    if post.sight > Sight.VEIL or not folded:
        return None
    shown = set(post.note_shows)
    said = [(what in shown, str(label)) for what, label in IN_THEM]
    return ConsentPage(
        id=post.pk,
        by=names_of(writers_of([post.pk])[post.pk]),
        says=post.note,
        count=folded,
        in_them=[label for is_in, label in said if is_in],
        not_in_them=[label for is_in, label in said if not is_in] if shown else (),
    )


def one_at_a_time_page(post: SeenPost, viewer: Viewer, *, at: datetime) -> OneAtATimePage:
    """Each photograph by itself. Only for viewers whose `post.sight` is VEIL or more."""
    photos = photographs.ready(post, viewer, at=at)
    added = added_to([photo for photo in photos if photo.is_open])
    singles = [
        _single(photo, place, len(photos), viewer, added=added.get(photo.pk, ()), at=at)
        for place, photo in enumerate(photos, 1)
    ]
    return OneAtATimePage(post.pk, singles)


def _single(
    photo: SeenPhoto,
    place: int,
    count: int,
    viewer: Viewer,
    *,
    added: Sequence[Added],
    at: datetime,
) -> Single:
    is_last = place == count
    return Single(
        id=photo.pk,
        anchor=f"o{place}",
        what=numbers.ordinal(place),
        says=photo.description,
        note="" if is_last else _("Or go on to the next, below."),
        print=photographs.print_of(photo, viewer, added=added, at=at) if photo.is_open else None,
    )
