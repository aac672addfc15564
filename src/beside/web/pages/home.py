"""Home: letters by the people one follows, and those written for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beside.access import feeds
from beside.access.feeds import Cursor
from beside.access.policy import Viewer
from beside.photos.models import Hold
from beside.posts.models import Authorship
from beside.web.pages import feed
from beside.web.pages.content_preferences import Question
from beside.web.pages.feed import Entry


@dataclass(frozen=True)
class HomePage:
    """One page of the feed. `further` is where the next begins; empty at the end.

    `is_new_here` means that the viewer has written nothing and kept no photograph yet.
    """

    entries: Sequence[Entry | Question]
    further: str
    is_new_here: bool
    is_not_today: bool

    @property
    def shows_photographs(self) -> bool:
        """Whether any photograph is open on the page."""
        return any(isinstance(one, Entry) and one.print for one in self.entries)


def home_page(viewer: Viewer, before: str, *, at: datetime) -> HomePage:
    """The feed of `viewer` from `before`, the `further` of an earlier page; from the newest if it's empty."""
    found = feeds.home(viewer, at=at, before=Cursor.read(before) if before else None)
    return HomePage(
        entries=feed.entries(found.posts, viewer, at=at, asks=found.asks),
        further=str(found.next_cursor or ""),
        is_new_here=not (before or found.posts) and _is_new_here(viewer),
        is_not_today=found.not_today,
    )


def _is_new_here(viewer: Viewer) -> bool:
    written = Authorship.objects.filter(account=viewer.account)
    return not (written.exists() or Hold.objects.filter(account=viewer.account).exists())
