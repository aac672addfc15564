"""Asking a reader before they see a letter about something they'd rather not see.

Which letters they wanted to see all the same is kept in their session for the visit, nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from beside.access import content_preferences
from beside.access.content_preferences import AskFirst
from beside.access.policy import SeenPost, Viewer
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Facet
from beside.web.forms.content_preferences import PreferencesForm
from beside.web.forms.facets import ABOUT
from beside.web.http.request import Request
from beside.web.pages.people import in_a_row

SHOWN = "shown anyway"
# As for photographs that were opened for the visit (`access.consents`).
A_VISIT = timedelta(minutes=30)
_NOT_AGAIN_FOR = timedelta(minutes=5)


@dataclass(frozen=True)
class Question:
    """A letter about which its reader is asked first: its authors, and what it is about."""

    id: UUID
    names: str
    about: str


@dataclass(frozen=True)
class PreferencesPage:
    """What a reader would rather not see, and whether nothing is shown today."""

    form: PreferencesForm
    is_not_today: bool


def preferences_page(viewer: Viewer, form: PreferencesForm, *, at: datetime) -> PreferencesPage:
    """The page of the signed-in `viewer`."""
    taste = content_preferences.preferences_of(viewer, at=at)
    return PreferencesPage(form, taste.not_today)


def find_post(request: Request, post_id: UUID, *, at: datetime) -> SeenPost:
    """The post as far as the viewer may see it. Every view that shows one to a reader starts here.

    Raises `NothingToSee`, and `AskFirst`, which the middleware turns into the question.
    """
    shown = _shown(request.session, at=at)
    post = content_preferences.see(request.viewer, post_id, at=at, anyway=shown)
    if post_id in shown and shown[post_id] < at + A_VISIT - _NOT_AGAIN_FOR:
        _show(request.session, post_id, at=at)
    return post


def show_anyway(request: Request, post_id: UUID, *, at: datetime) -> None:
    """Show the letter for this visit. Raises `NothingToSee`."""
    try:
        find_post(request, post_id, at=at)
    except AskFirst:
        _show(request.session, post_id, at=at)


def end_visit(session: SessionBase) -> None:
    """Ask about every letter again."""
    if SHOWN in session:
        del session[SHOWN]


def question(asked: AskFirst) -> Question:
    """The question in place of the letter: its authors and its subjects, nothing else of it."""
    names = in_a_row([name_of(author) for author in authors_of(asked.post)])
    return Question(asked.post.pk, names, about(asked.facets))


def about(facets: Collection[Facet]) -> str:
    """What a letter is about, in words that end a sentence: "a miscarriage and twins"."""
    return in_a_row([str(ABOUT[facet]) for facet in facets])


def _shown(session: SessionBase, *, at: datetime) -> dict[UUID, datetime]:
    kept = session.get(SHOWN, {})
    until = {UUID(post): datetime.fromisoformat(end) for post, end in kept.items()}
    return {post: end for post, end in until.items() if end > at}


def _show(session: SessionBase, post_id: UUID, *, at: datetime) -> None:
    shown = _shown(session, at=at) | {post_id: at + A_VISIT}
    session[SHOWN] = {str(post): end.isoformat() for post, end in shown.items()}
