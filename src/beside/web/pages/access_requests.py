"""Requests to be let in, as those who decide see them: a name, a reason, a few words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from beside.access.door import admissions, requests
from beside.access.models import AccessRequest, Admission
from beside.access.policy import Viewer, visible_to
from beside.people.models import Account
from beside.posts import audiences
from beside.posts.authorship import name_of
from beside.posts.models import Audience, Post
from beside.web.forms.door import REASONS
from beside.web.pages import letter
from beside.web.pages.letter import Writer
from beside.web.pages.people import in_a_row

_LABELS = {str(reason): label for reason, label in REASONS}


@dataclass(frozen=True)
class Asked:
    """One request that waits for an answer."""

    id: UUID
    name: str
    title: str
    reason: str
    words: str
    at: datetime


@dataclass(frozen=True)
class RequestsPage:
    """Everyone who waits for an answer of this account, at whichever door."""

    waiting: Sequence[Asked]


@dataclass(frozen=True)
class LetterRequestsPage:
    """One letter's door, for its authors. `address` is empty unless only its own address leads to it."""

    post: Post
    title: str
    waiting: Sequence[Asked]
    let_in: Sequence[Admission]
    has_door: bool
    is_shut: bool
    address: str


def requests_page(account: Account, viewer: Viewer, *, at: datetime) -> RequestsPage:
    """The requests that `account` decides on."""
    return RequestsPage(asked_by(requests.waiting_for(account, at=at), viewer, at=at))


def letter_requests_page(
    post: Post, account: Account, viewer: Viewer, *, at: datetime
) -> LetterRequestsPage:
    """The requests at one letter's door, and who has been let in."""
    waiting = requests.waiting_for(account, at=at).filter(post=post)
    return LetterRequestsPage(
        post=post,
        title=letter.title_of(post),
        waiting=asked_by(waiting, viewer, at=at),
        let_in=list(admissions.admissions_to(post)),
        has_door=audiences.has_door(post),
        is_shut=audiences.door_of(post).is_shut(),
        address=_address(post),
    )


def asked_by(waiting: Iterable[AccessRequest], viewer: Viewer, *, at: datetime) -> list[Asked]:
    """The requests for a page that only those who decide can open.

    Someone who decides for an author may not be able to read the letter: only those who can are shown its title.
    """
    waiting = list(waiting)
    posts = [one.post_id for one in waiting]
    readable = set(visible_to(viewer, at=at).filter(pk__in=posts).values_list("pk", flat=True))
    writers = letter.writers_of(posts)
    return [
        _asked(one, writers[one.post_id], shows_title=one.post_id in readable) for one in waiting
    ]


def _asked(one: AccessRequest, writers: Sequence[Writer], *, shows_title: bool) -> Asked:
    names = in_a_row([writer.name for writer in writers])
    return Asked(
        id=one.pk,
        name=name_of(one.asker),
        title=letter.title_of(one.post)
        if shows_title
        else _("A letter by %(names)s") % {"names": names},
        reason=str(_LABELS.get(one.reason, "")),
        words=one.words,
        at=one.asked_at,
    )


def _address(post: Post) -> str:
    if post.words_for != Audience.LET_IN:
        return ""
    return settings.BESIDE.url.rstrip("/") + reverse("door_by_address", args=[post.door_address])
