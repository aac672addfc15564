"""What was written to an author and passed on to them: the page of all of it, and of one response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access import trail
from beside.people import delegations
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.responses import desk, inbox, policy
from beside.responses.models import PutAwayResponse, Response
from beside.thanks import answers
from beside.web.forms.private_letters import PrivateLetterForm
from beside.web.pages.letter import title_of
from beside.web.pages.people import in_a_row
from beside.web.pages.private_letters import LetterBox, answer_box
from beside.web.pages.quiet_days import Rest, rest_of
from beside.web.pages.responses import Said, page_of, said

_OPENING = 160


@dataclass(frozen=True)
class Entry:
    """One response in a list: who wrote it, on which day, and how it begins."""

    said: Said
    sent_at: datetime
    opening: str
    is_shown: bool


@dataclass(frozen=True)
class OfLetter:
    """The responses to one letter, newest first."""

    id: UUID
    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Question:
    """What somebody who reads first asks about a response, without a word of it. A private letter has no `title`."""

    id: UUID
    title: str
    by: str
    says: str


@dataclass(frozen=True)
class InboxPage:
    """What was written to an author. `screeners` read first for them; `further` begins the next page.

    `private` are the letters to themselves alone, and `letters` those of theirs that have responses. `is_put_away`
    says that it is what they have put away. `visited` are the letters at which somebody was.
    """

    private: Sequence[Entry]
    letters: Sequence[OfLetter]
    further: UUID | None
    is_put_away: bool
    screeners: str
    rest: Rest | None
    questions: Sequence[Question] = ()
    visited: Sequence[tuple[UUID, str]] = ()


@dataclass(frozen=True)
class ResponsePage:
    """One response to a letter of an author, or a private letter; then there is no `post_id`.

    `writer` is the account that can be written back to, in the `box`; there is none where it wrote under a pen name.
    `note` is the reader's own note of thanks that it answers.
    """

    said: Said
    post_id: UUID | None
    title: str
    sent_at: datetime
    is_shown: bool
    is_for_authors_only: bool
    is_put_away: bool
    was_looked_at: bool
    writer: UUID | None
    box: LetterBox | None
    note: UUID | None


def inbox_page(me: Account, before: str, *, at: datetime) -> InboxPage:
    """What `me` may read at `at`, from `before`, the `further` of an earlier page."""
    rows, further = page_of(inbox.responses_to(me, at=at), "decided_at", before)
    visited = policy.letters_with_presence(me, at=at).order_by("-published_at", "pk")
    return InboxPage(
        private=_private(rows),
        letters=_by_letter(rows),
        further=further,
        is_put_away=False,
        screeners=_screeners(me),
        rest=rest_of(me, at=at),
        questions=[_question(one) for one in desk.asked_of(me, at=at)],
        visited=[(post.pk, title_of(post)) for post in visited],
    )


def put_away_page(me: Account, before: str, *, at: datetime) -> InboxPage:
    """What `me` has put away."""
    rows, further = page_of(inbox.responses_to(me, at=at, put_away=True), "decided_at", before)
    return InboxPage(
        _private(rows),
        _by_letter(rows),
        further,
        is_put_away=True,
        screeners="",
        rest=rest_of(me, at=at),
    )


def response_page(response: Response, me: Account) -> ResponsePage:
    """The page of `response`, which comes from `inbox.get`, for its reader."""
    writer = None if response.pen_name else response.writer
    return ResponsePage(
        said=said(response),
        post_id=response.post_id,
        title=title_of(response.post) if response.post else "",
        sent_at=response.sent_at,
        is_shown=response.shown_at is not None,
        is_for_authors_only=response.only_for_authors or response.post is None,
        is_put_away=PutAwayResponse.objects.filter(response=response, author=me).exists(),
        was_looked_at=bool(trail.looked_at([response.pk])),
        writer=writer.pk if writer else None,
        box=answer_box(writer, PrivateLetterForm()) if writer else None,
        note=answers.note_answered_by(response),
    )


def _private(rows: Sequence[Response]) -> list[Entry]:
    return [_entry(one) for one in rows if one.post is None]


def _by_letter(rows: Sequence[Response]) -> list[OfLetter]:
    """The responses by letter, in the order in which the letters come first."""
    entries: dict[UUID, list[Entry]] = {}
    posts: dict[UUID, Post] = {}
    for one in rows:
        if one.post is not None:
            posts.setdefault(one.post.pk, one.post)
            entries.setdefault(one.post.pk, []).append(_entry(one))
    return [OfLetter(pk, title_of(post), entries[pk]) for pk, post in posts.items()]


def _entry(one: Response) -> Entry:
    told = said(one)
    opening = " ".join(told.paragraphs)[: _OPENING + 1]
    return Entry(
        said=told,
        sent_at=one.sent_at,
        opening=opening if len(opening) <= _OPENING else f"{opening[:_OPENING].rstrip()}…",
        is_shown=one.shown_at is not None,
    )


def _question(one: Response) -> Question:
    title = title_of(one.post) if one.post else ""
    return Question(one.pk, title, name_of(one.asked_by), one.question)


def _screeners(me: Account) -> str:
    mine = delegations.screening().filter(author=me).select_related("delegate__profile")
    return in_a_row([name_of(one.delegate) for one in mine.order_by("delegate__profile__name")])
