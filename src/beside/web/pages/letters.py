"""An author's own letters, by where each of them is: drafts, those that wait for an answer, published and closed ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.people.names import isolated
from beside.posts import destroying
from beside.posts.authorship import name_of, written_by
from beside.posts.models import ApprovalRequest, Authorship, Grant, Post
from beside.web.pages import reach
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Line:
    """One letter in the list. `words` are how it begins, for one without a title.

    `others` are its other authors' names in a row. The words for who it is for are empty unless it is published.
    """

    id: UUID
    title: str
    words: str
    state: str
    others: str
    lang: str
    saved_at: datetime
    written_on: date
    closed_at: datetime | None
    taken_back_at: datetime | None
    destroyed_at: datetime | None
    is_suspended: bool
    words_for: str = ""
    photographs_for: str = ""


@dataclass(frozen=True)
class Waiting:
    """A letter about which its authors have been asked something: by whom, and when."""

    line: Line
    is_mine: bool
    by: str
    asked_at: datetime


@dataclass(frozen=True)
class LettersPage:
    """All letters of one author, each in one of these lists, the latest first."""

    drafts: Sequence[Line]
    waiting: Sequence[Waiting]
    published: Sequence[Line]
    closed: Sequence[Line]
    taken_back: Sequence[Line]

    @property
    def is_empty(self) -> bool:
        """Whether there is no letter at all."""
        return not any((self.drafts, self.waiting, self.published, self.closed, self.taken_back))


def letters_page(account: Account, *, at: datetime) -> LettersPage:
    """The letters that `account` wrote, alone or with others, with a fixed number of queries."""
    posts = list(written_by(account).order_by("-published_at", "-saved_at", "pk"))
    lines = _lines(posts, account)
    asked = ApprovalRequest.objects.filter(post__in=lines, ended_at=None, lapses_at__gt=at)
    waiting = [
        Waiting(
            lines[one.post_id],
            is_mine=one.requester_id == account.pk,
            by=name_of(one.requester),
            asked_at=one.requested_at,
        )
        for one in asked.select_related("requester__profile").order_by("-requested_at")
    ]
    asked_about = {one.line.id for one in waiting}
    by_state: dict[str, list[Line]] = defaultdict(list)
    for line in lines.values():
        if line.id not in asked_about:
            by_state[line.state].append(line)
    return LettersPage(
        drafts=sorted(by_state[Post.State.DRAFT], key=lambda one: one.saved_at, reverse=True),
        waiting=waiting,
        published=by_state[Post.State.PUBLISHED],
        closed=by_state[Post.State.CLOSED],
        taken_back=by_state[Post.State.TAKEN_BACK],
    )


def _lines(posts: Sequence[Post], account: Account) -> dict[UUID, Line]:
    ids = [post.pk for post in posts]
    others = _others(ids, account)
    named = _named(ids, account)
    due = dict(destroying.asked_by(account).filter(post__in=ids).values_list("post", "due_at"))
    return {
        post.pk: Line(
            id=post.pk,
            title=post.title,
            lang=post.language,
            words=post.words,
            state=post.state,
            others=in_a_row(others[post.pk]),
            saved_at=post.saved_at,
            written_on=post.written_on,
            closed_at=post.closed_at,
            taken_back_at=post.taken_back_at,
            destroyed_at=due.get(post.pk),
            is_suspended=post.suspended_at is not None,
            **_audience(post, named, in_a_row(others[post.pk])),
        )
        for post in posts
    }


def _audience(
    post: Post, named: Mapping[tuple[UUID, int], list[str]], others: str
) -> dict[str, str]:
    if post.state != Post.State.PUBLISHED:
        return {}
    parts = (
        ("words_for", Grant.What.WORDS, post.words_for, post.words_signed_in),
        (
            "photographs_for",
            Grant.What.PHOTOGRAPHS,
            post.photographs_for,
            post.photographs_signed_in,
        ),
    )
    return {
        part: reach.in_words(level, named[post.pk, what], signed_in=signed_in, others=others)
        for part, what, level, signed_in in parts
    }


def _others(posts: Sequence[UUID], account: Account) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Authorship.objects.filter(post__in=posts).exclude(account=account)
    for row in rows.select_related("account__profile").order_by("joined_at", "pk"):
        found[row.post_id].append(name_of(row.account))
    return found


def _named(posts: Sequence[UUID], account: Account) -> Mapping[tuple[UUID, int], list[str]]:
    """The names of the circles and people that each part of each letter is for."""
    found: dict[tuple[UUID, int], list[str]] = defaultdict(list)
    grants = Grant.objects.filter(post__in=posts).select_related("circle", "account__profile")
    ordered = grants.order_by("circle__name", "account__profile__name", "pk")
    # Circles before people, as on the pages that change it.
    for grant in sorted(ordered, key=lambda grant: grant.circle is None):
        if grant.circle is None:
            name = name_of(grant.account)
        elif grant.circle.owner_id == account.pk:
            name = isolated(grant.circle.name)
        else:
            name = _("another author’s circle")
        found[grant.post_id, grant.what].append(name)
    return found
