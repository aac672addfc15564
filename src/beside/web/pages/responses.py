"""Responses as those read them who write them, and those who read a letter: never how many, and never in what state."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access import content_preferences, trail
from beside.access.policy import Viewer, visible_to
from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.responses import choices, policy, private_letters, responses
from beside.responses.models import Response
from beside.responses.policy import Addressee
from beside.web.forms.responses import ResponseForm
from beside.web.pages.letter import title_of
from beside.web.pages.people import Person, in_a_row

# On one page; the others are one link away.
MOST_ON_A_PAGE = 50
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Said:
    """A response in words. `name` is its writer's, or a pen name, or empty for what is unsigned."""

    id: UUID
    name: str
    is_pen_name: bool
    paragraphs: Sequence[str]
    is_own: bool = False


@dataclass(frozen=True)
class Helps:
    """What helps one author to hear, and what doesn't, in their own words."""

    name: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Box:
    """The box for writing to a letter's authors. `readers` says who reads it, `gives_to` what its button says."""

    post_id: UUID
    form: ResponseForm
    authors: str
    helps: Sequence[Helps]
    readers: str
    gives_to: str
    takes_presences: bool


@dataclass(frozen=True)
class LetterResponses:
    """What stands beside a letter, and the box for those who may respond to it."""

    post_id: UUID
    said: Sequence[Said]
    box: Box | None
    is_present: bool
    is_mine: bool


@dataclass(frozen=True)
class Line:
    """One's own response: its day, its letter if that can still be seen, and a word from somebody who read it.

    `was_looked_at` by a moderator, which its writer may know. `is_private` is a letter to one person, `to`, if that person may still be named.
    """

    id: UUID
    sent_at: datetime
    post_id: UUID | None
    title: str
    reply: Sequence[str]
    reply_by: str
    was_looked_at: bool
    is_private: bool
    to: Person | None


@dataclass(frozen=True)
class ResponsesPage:
    """What one has written to others, newest first. `further` begins the next page."""

    lines: Sequence[Line]
    further: UUID | None


def letter_responses(
    post: Post, me: Account | None, viewer: Viewer, *, is_mine: bool, at: datetime
) -> LetterResponses:
    """What `viewer`, signed in as `me` if at all, sees of responses on the page of `post`, which comes from `see`."""
    shown = policy.shown_with(post.pk, viewer, at=at) if responses.stand_beside(post.pk) else ()
    takes = me is not None and policy.may_respond(post.pk, viewer, at=at)
    return LetterResponses(
        post_id=post.pk,
        said=[said(one, me) for one in shown],
        box=box(post, me, ResponseForm()) if me and takes else None,
        is_present=me is not None and responses.is_present(post.pk, me),
        is_mine=is_mine,
    )


def box(post: Post, writer: Account, form: ResponseForm) -> Box:
    """The box for `writer`, who may respond to `post`."""
    holds = choices.holds(post)
    readers = policy.readers_of(post, writer)
    authors = authors_of(post)
    is_read_by_one_other = len(readers) == 1 and readers[0] not in authors
    to = _("Give it to %(name)s")
    return Box(
        post_id=post.pk,
        form=form,
        authors=in_a_row([name_of(author) for author in authors]),
        helps=[Helps(name_of(author), paragraphs(words)) for author, words in holds.helps],
        readers=readers_in_words(post, writer, readers),
        gives_to=to % {"name": name_of(readers[0])} if is_read_by_one_other else _("Send it"),
        takes_presences=holds.takes_presences,
    )


def responses_page(me: Account, viewer: Viewer, before: str, *, at: datetime) -> ResponsesPage:
    """What `me` has written, from `before`, the `further` of an earlier page; from the newest if it's empty."""
    rows, further = page_of(responses.written_by(me), "sent_at", before)
    taste = content_preferences.preferences_of(viewer, at=at)
    seen = visible_to(viewer, at=at).filter(pk__in=[one.post_id for one in rows if one.post_id])
    titles = {
        post.pk: title_of(post)
        for post in seen.exclude(content_preferences.excluded(viewer, taste))
    }
    named = set(private_letters.written_by(me).values_list("recipient_id", flat=True))
    looked_at = trail.looked_at(one.pk for one in rows)
    lines = [
        _line(
            one,
            titles.get(one.post_id, "") if one.post_id else "",
            named,
            was_looked_at=one.pk in looked_at,
        )
        for one in rows
    ]
    return ResponsesPage(lines, further)


def said(one: Response, me: Account | None = None) -> Said:
    """A response for those who may read it; the row comes with its writer's profile. `me` is who reads it."""
    name = one.pen_name or one.signed
    shown = isolated(name) if name else name_of(one.writer)
    is_own = me is not None and me.pk == one.writer_id
    return Said(one.pk, shown, bool(one.pen_name), paragraphs(one.words), is_own)


def paragraphs(words: str) -> list[str]:
    """The paragraphs of what somebody typed, without empty ones. Nothing in them is markup."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return [one for one in _BETWEEN_PARAGRAPHS.split(lines.strip("\n")) if one.strip()]


def page_of(
    some: QuerySet[Response], moment: str, before: str
) -> tuple[list[Response], UUID | None]:
    """One page of `some`, which are ordered by `moment` and id, newest first, and where the next page begins.

    `before` is the id of the last response on the page before; one that isn't there begins with the newest.
    """
    last = some.filter(pk=before).first() if _is_id(before) else None
    if last is not None:
        then = getattr(last, moment)
        same = Q(**{moment: then, "pk__lt": last.pk})
        some = some.filter(Q(**{f"{moment}__lt": then}) | same)
    rows = list(some[: MOST_ON_A_PAGE + 1])
    shown = rows[:MOST_ON_A_PAGE]
    return shown, shown[-1].pk if len(rows) > MOST_ON_A_PAGE else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _line(
    one: Response, title: str, named: Collection[UUID | None], *, was_looked_at: bool
) -> Line:
    to = one.recipient if one.recipient_id in named else None
    return Line(
        id=one.pk,
        sent_at=one.sent_at,
        post_id=one.post_id if title else None,
        title=title,
        reply=paragraphs(one.reply),
        reply_by=name_of(one.reply_by),
        was_looked_at=was_looked_at,
        is_private=one.recipient_id is not None,
        to=Person(to.pk, name_of(to)) if to else None,
    )


def readers_in_words(to: Addressee, writer: Account, readers: Sequence[Account]) -> str:
    """Who reads what `writer` sends; `readers` is `policy.readers_of` the two.

    It says nothing of when, so that nobody learns who has quiet days.
    """
    if policy.is_screener_of(writer, to):
        return _("You read first for them, so this goes straight to them.")
    if not readers:
        return _("Nobody reads what comes at the moment. It waits, and nobody is told.")
    if readers[0] in policy.recipients_of(to):
        names = in_a_row([name_of(one) for one in readers])
        return _("It goes straight to %(names)s.") % {"names": names}
    return read_first_by(readers)


def read_first_by(screeners: Sequence[Account]) -> str:
    """That these people read everything first, for those who asked them to."""
    said = ngettext(
        "At their request, %(names)s reads everything first.",
        "At their request, %(names)s read everything first.",
        len(screeners),
    )
    return said % {"names": in_a_row([name_of(one) for one in screeners])}
