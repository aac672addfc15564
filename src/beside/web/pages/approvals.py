"""Asking a letter's other authors for their yes: what is asked, who hasn't answered, and what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access import preview
from beside.people import quiet_days
from beside.people.models import Account
from beside.posts import approvals, audiences, reach_json
from beside.posts.approvals import AnotherRequestOpen, NothingToApprove
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import WaitsForOthers, name_of
from beside.posts.models import ApprovalRequest, Audience, Post
from beside.posts.reach import (
    Chosen,
    NobodyNamed,
    NoteNeeded,
    PhotographsWiderThanWords,
    is_shown_by_link,
)
from beside.web import numbers
from beside.web.pages import reach, who_can_see
from beside.web.pages.people import in_a_row

# Why a letter can't be shown to more people. Each says so in a sentence for the page.
REFUSALS = (
    AnotherRequestOpen,
    NobodyNamed,
    NoteNeeded,
    NothingToApprove,
    PhotographsWiderThanWords,
    TakenBackForGood,
    WaitsForOthers,
)


@dataclass(frozen=True, slots=True)
class Side:
    """Who can see a letter as it is, or as it would be after every yes.

    `readers` and `lookers` are names; they are empty where the words name the same people already.
    If a part is for anyone (`words_for_anyone`), they are only those in the viewer's own circles.
    """

    is_shown: bool
    words: str
    photographs: str
    folded: str
    readers: Sequence[str]
    lookers: Sequence[str]
    has_photographs: bool
    words_for_anyone: bool = False
    photographs_for_anyone: bool = False
    door: str = ""
    by_link: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the authors of a letter, as one of them sees it.

    `is_over` says that the letter has changed since, so that no yes counts any more. `adds` says that it
    is about photographs to be added, which are in the drawer of each author.
    """

    id: UUID
    by: str
    is_mine: bool
    has_agreed: bool
    is_over: bool
    adds: bool
    waits_for: str
    quiet: str
    wish: str
    you_asked: str
    message: str
    asked_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """A question, and who can see the letter before and after every yes."""

    id: UUID
    title: str
    question: Question
    now: Side
    then: Side | None


def approval_page(post: Post, viewer: Account, *, at: datetime) -> ApprovalPage | None:
    """The page of the question about `post`; None where nothing is asked."""
    asked = question(post, viewer, at=at)
    if asked is None:
        return None
    return ApprovalPage(
        id=post.pk,
        title=post.title,
        question=asked,
        now=now(post, viewer, at=at),
        then=asked_for(post, viewer, at=at),
    )


def question(post: Post, viewer: Account, *, at: datetime) -> Question | None:
    """The question that the authors of `post` are asked, for `viewer`, who is one of them; None without one.

    Once the letter has changed, only the author who asked still sees their question, as over.
    """
    asked = ApprovalRequest.objects.filter(post=post, ended_at=None, lapses_at__gt=at).first()
    if asked is None:
        return None
    is_open = approvals.open_request(post, at=at) is not None
    is_mine = asked.requester_id == viewer.pk
    if not (is_open or is_mine):
        return None
    missing = approvals.pending_authors(asked)
    wish, you_asked = _wish(asked, post)
    return Question(
        id=asked.pk,
        by=name_of(asked.requester),
        is_mine=is_mine,
        has_agreed=viewer not in missing,
        is_over=not is_open,
        adds=bool(asked.photos),
        waits_for=in_a_row([name_of(one) for one in missing]),
        quiet=quiet_in_words(missing, at=at),
        wish=wish,
        you_asked=you_asked,
        message=asked.message,
        asked_at=asked.requested_at,
        lapses_at=asked.lapses_at,
    )


def quiet_in_words(authors: Sequence[Account], *, at: datetime) -> str:
    """ "Jonas is having quiet days. It can wait." Only co-authors waiting for a yes are told this."""
    resting = quiet_days.quiet_accounts(authors, at=at)
    names = [name_of(one) for one in authors if one.pk in resting]
    if not names:
        return ""
    return ngettext(
        "%(names)s is having quiet days. It can wait.",
        "%(names)s are having quiet days. It can wait.",
        len(names),
    ) % {"names": in_a_row(names)}


def asks_others(post: Post, viewer: Account) -> str:
    """The names of the authors whose yes is needed to show `post`; empty if nobody would see it."""
    if post.words_for == Audience.ONLY_US and not is_shown_by_link(post):
        return ""
    return reach.others_in_words(post, viewer)


def now(post: Post, viewer: Account, *, at: datetime) -> Side:
    """Who can see `post` now."""
    is_shown = post.state == Post.State.PUBLISHED
    return _side(post, audiences.chosen(post), viewer, is_shown=is_shown, at=at)


def then(post: Post, want: Chosen, viewer: Account, *, publishes: bool, at: datetime) -> Side:
    """Who could see `post` if it were for `want`, computed by the access rule itself."""
    is_shown = publishes or post.state == Post.State.PUBLISHED
    return _side(post, want, viewer, is_shown=is_shown, at=at)


def asked_for(post: Post, viewer: Account, *, at: datetime) -> Side | None:
    """Who could see `post` after every yes; None where nothing is asked."""
    asked = approvals.open_request(post, at=at)
    if asked is None or asked.photos:
        return None
    return then(post, reach_json.from_json(asked.wanted), viewer, publishes=asked.publishes, at=at)


def _side(post: Post, want: Chosen, viewer: Account, *, is_shown: bool, at: datetime) -> Side:
    mine = who_can_see.people_in_circles_of(viewer)
    people = preview.people_if_shown_to(post, want, by=viewer, also=mine, at=at)
    readers, lookers = reach.by_sight(people)
    words = reach.reach_in_words(want.words, post, viewer)
    photographs = reach.reach_in_words(want.photographs, post, viewer)
    return Side(
        is_shown=is_shown,
        words=words,
        photographs=photographs,
        folded=reach.folded(want),
        readers=[] if in_a_row(readers) == words else readers,
        lookers=[] if in_a_row(lookers) == photographs else lookers,
        has_photographs=post.placed.exists(),
        words_for_anyone=want.words.audience == Audience.ANYONE,
        photographs_for_anyone=want.photographs.audience == Audience.ANYONE,
        door=reach.door_in_words(want),
        by_link=reach.by_link(post, at=at),
    )


def _wish_to_add(asked: ApprovalRequest) -> tuple[str, str]:
    count = len(asked.photos)
    told = {"name": name_of(asked.requester), "number": numbers.in_words(count)}
    heading = ngettext(
        "%(name)s would like to add one photograph",
        "%(name)s would like to add %(number)s photographs",
        count,
    )
    mine = ngettext(
        "You’ve asked to add one photograph.",
        "You’ve asked to add %(number)s photographs.",
        count,
    )
    return heading % told, mine % told


def _wish(asked: ApprovalRequest, post: Post) -> tuple[str, str]:
    """What is asked for: as a heading for the other authors, and as a sentence for the one who asked."""
    want, is_now = reach_json.from_json(asked.wanted), audiences.chosen(post)
    if asked.photos:
        return _wish_to_add(asked)
    if post.state == Post.State.DRAFT:
        return (
            _("%(name)s would like to publish this") % {"name": name_of(asked.requester)},
            _("You’ve asked to publish it."),
        )
    if asked.publishes:
        return (
            _("%(name)s would like to open this again") % {"name": name_of(asked.requester)},
            _("You’ve asked to open it again."),
        )
    if is_now == replace(want, veiled=is_now.veiled):
        return (
            _("%(name)s would like the photographs to be open")
            % {"name": name_of(asked.requester)},
            _("You’ve asked for the photographs to be open."),
        )
    if want == audiences.before_narrowing(post):
        return (
            _("%(name)s would like to put this back as it was")
            % {"name": name_of(asked.requester)},
            _("You’ve asked to put it back as it was."),
        )
    return (
        _("%(name)s would like more people to see this") % {"name": name_of(asked.requester)},
        _("You’ve asked to show it to more people."),
    )
