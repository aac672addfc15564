"""What pages say where a letter has several authors: whose yes is waited for, and what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access import preview
from beside.access.policy import NothingToSee, Viewer
from beside.people import quiet_days
from beside.people.models import Account
from beside.posts import approvals, audiences, coauthors, reach, snapshots
from beside.posts.approvals import AnotherRequestOpen, NothingToApprove
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import WaitsForOthers, authors_of, name_of
from beside.posts.models import ApprovalRequest, Audience, Post
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords
from beside.web.pages import audience, letter
from beside.web.pages.letter import Letter

# What can stand in the way of a letter's going to more people; each says so in a sentence for its page.
REFUSALS = (
    AnotherRequestOpen,
    NobodyNamed,
    NoteNeeded,
    NothingToApprove,
    PhotographsWiderThanWords,
    TakenBackForGood,
    WaitsForOthers,
)

# With whose eyes to read, besides those of people who are named.
SIGNED_IN, STRANGER = "here", "stranger"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides of a question: how it is, or how it would be.

    Who that is by name stands in `readers` and `lookers`, where the words don't say it already.
    """

    is_shown: bool
    words: str
    photographs: str
    folded: str
    readers: Sequence[str]
    lookers: Sequence[str]
    has_photographs: bool
    door: str = ""
    by_link: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """An open question, as one of the authors meets it."""

    id: UUID
    by: str
    is_mine: bool
    has_agreed: bool
    is_over: bool
    waits_for: str
    rests: str
    wish: str
    you_asked: str
    said: str
    asked_at: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A letter as it would be met after every yes: with whose eyes one can read it, with whose one does."""

    readers: Sequence[tuple[str, str]]
    who: str
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class Further:
    """Somebody who is asked, or is to be asked, to come to a letter; as one of its authors meets it.

    It `is_on_its_way` once every author has agreed; `waits_for` names those who haven't.
    """

    id: UUID
    who: str
    by: str
    said: str
    is_mine: bool
    has_agreed: bool
    is_on_its_way: bool
    waits_for: str
    rests: str


def further(post: Post, viewer: Account, *, at: datetime) -> Further | None:
    """Whoever is asked to write `post` too, as far as that goes now; None where nobody is."""
    asked = coauthors.open_invitation(post)
    if asked is None:
        return None
    missing = coauthors.pending_authors(asked)
    return Further(
        id=asked.pk,
        who=name_of(asked.invitee),
        by=name_of(asked.inviter),
        said=asked.said,
        is_mine=asked.inviter_id == viewer.pk,
        has_agreed=viewer not in missing,
        is_on_its_way=not missing,
        waits_for=audience.in_a_row([name_of(one) for one in missing]),
        rests=rest_in_words([one for one in missing if one != viewer], at=at),
    )


def rest_in_words(authors: Sequence[Account], *, at: datetime) -> str:
    """ "Jonas is having quiet days. It waits." Only said to co-authors, of those whose yes is waited for."""
    resting = quiet_days.resting(authors, at=at)
    names = [name_of(one) for one in authors if one.pk in resting]
    if not names:
        return ""
    return ngettext(
        "%(names)s is having quiet days. It waits.",
        "%(names)s are having quiet days. It waits.",
        len(names),
    ) % {"names": audience.in_a_row(names)}


def question(post: Post, viewer: Account, *, at: datetime) -> Question | None:
    """What is being asked of `post`'s authors, `viewer` among them; None where nothing is.

    One's own is said to be over once the letter has changed; of others' nothing is said then.
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
        waits_for=audience.in_a_row([name_of(one) for one in missing]),
        rests=rest_in_words(missing, at=at),
        wish=wish,
        you_asked=you_asked,
        said=asked.said,
        asked_at=asked.requested_at,
        lapses_at=asked.lapses_at,
    )


def asks_others(post: Post, viewer: Account) -> str:
    """The names of those whose yes it needs, where going on would show it to somebody."""
    if post.words_for == Audience.ONLY_US and not reach.is_shown_by_link(post):
        return ""
    return audience.others_in_words(post, viewer)


def everybody(post: Post) -> str:
    """ "Rose and Tom", in the order in which they came to it."""
    return audience.in_a_row([name_of(one) for one in authors_of(post)])


def now(post: Post, viewer: Account, *, at: datetime) -> Side:
    """How `post` is at this moment, by name."""
    is_shown = post.state == Post.State.PUBLISHED
    return _side(post, audiences.chosen(post), viewer, is_shown=is_shown, at=at)


def then(post: Post, want: Chosen, viewer: Account, *, shows: bool, at: datetime) -> Side:
    """How `post` would be if it were for `want`, by name, asked of the same rule."""
    is_shown = shows or post.state == Post.State.PUBLISHED
    return _side(post, want, viewer, is_shown=is_shown, at=at)


def asked_for(post: Post, viewer: Account, *, at: datetime) -> Side | None:
    """How `post` would be after every yes; None where nothing is asked."""
    asked = approvals.open_request(post, at=at)
    if asked is None:
        return None
    return then(post, snapshots.from_json(asked.wanted), viewer, shows=asked.shows, at=at)


def read_first(
    post: Post, viewer: Account, who: str, *, session: str | None, at: datetime
) -> Reading:
    """`post` as it would be met after every yes, by `who`; raises `NothingToSee` where nothing is asked."""
    asked = approvals.open_request(post, at=at)
    if asked is None:
        raise NothingToSee
    want = snapshots.from_json(asked.wanted)
    people = preview.people_if_shown_to(post, want, by=viewer, at=at)
    readers = [(str(one.pk), name_of(one)) for one in people]
    readers += [
        (SIGNED_IN, _("Somebody who is signed in here")),
        (STRANGER, _("A stranger, not signed in")),
    ]
    if who not in dict(readers):
        who = _most_new(want, readers)
    reader = Viewer(_account_of(who), session)
    try:
        with preview.seen_if_shown_to(post, want, reader, by=viewer, at=at) as seen:
            return Reading(readers, who, letter.letter(seen, reader, at=at))
    except NothingToSee:
        return Reading(readers, who, None)


def _most_new(want: Chosen, readers: Sequence[tuple[str, str]]) -> str:
    """Whose eyes to begin with: those of the farthest whom the words would be for."""
    if want.words.audience == Audience.ANYONE:
        return SIGNED_IN if want.words.signed_in else STRANGER
    return readers[0][0]


def _account_of(who: str) -> UUID | None:
    """Whoever is signed in and is nobody here has an id that is nobody's."""
    if who == STRANGER:
        return None
    return uuid4() if who == SIGNED_IN else UUID(who)


def _side(post: Post, want: Chosen, viewer: Account, *, is_shown: bool, at: datetime) -> Side:
    people = preview.people_if_shown_to(post, want, by=viewer, at=at)
    readers, lookers = audience.by_sight(people)
    words = audience.reach_in_words(want.words, post, viewer)
    photographs = audience.reach_in_words(want.photographs, post, viewer)
    return Side(
        is_shown=is_shown,
        words=words,
        photographs=photographs,
        folded=audience.folded(want),
        readers=[] if audience.in_a_row(readers) == words else readers,
        lookers=[] if audience.in_a_row(lookers) == photographs else lookers,
        has_photographs=post.placed.exists(),
        door=audience.door_in_words(want),
        by_link=audience.by_link(post, at=at),
    )


def _wish(asked: ApprovalRequest, post: Post) -> tuple[str, str]:
    """What is wished, as a heading for the others and as a sentence for whoever asked."""
    want, is_now = snapshots.from_json(asked.wanted), audiences.chosen(post)
    if post.state == Post.State.DRAFT:
        return (
            _("%(name)s would like to publish this") % {"name": name_of(asked.requester)},
            _("You’ve asked to publish it."),
        )
    if asked.shows:
        return (
            _("%(name)s would like to open this again") % {"name": name_of(asked.requester)},
            _("You’ve asked to open it again."),
        )
    if is_now == replace(want, veiled=is_now.veiled):
        return (
            _("%(name)s would like the photographs to lie open")
            % {"name": name_of(asked.requester)},
            _("You’ve asked to let the photographs lie open."),
        )
    return (
        _("%(name)s would like more people to see this") % {"name": name_of(asked.requester)},
        _("You’ve asked to show it to more people."),
    )
