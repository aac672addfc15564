"""Who a post is for, and changing it: to fewer people at once and alone, to more only with every yes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people import narrowings
from beside.people.models import Account, Membership, Narrowing
from beside.photos import reserve
from beside.posts import linked
from beside.posts.authorship import locked, require_every_yes
from beside.posts.grants import Granted, grant
from beside.posts.models import Answer, Audience, Grant, Post, Reason

if TYPE_CHECKING:
    from django.utils.functional import Promise


class PhotographsWiderThanWords(Exception):
    """The photographs would be for somebody whom the words aren't for."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The photographs are never for more people than the words. Let the words go as far,"
                " or show the photographs to fewer people."
            )
        )


class NobodyNamed(Exception):
    """ "These people" was chosen, and nobody was."""

    def __init__(self) -> None:
        super().__init__(_("Tick the people or the circles that it’s for, or choose “Only us”."))


class NoteNeeded(Exception):
    """Readers would meet folded photographs without a word about what is inside."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Before anybody else can look, a reader should know what the photographs show. One plain"
                " sentence is enough: who it is, whether they’re alive, and what can be seen."
            )
        )


class TakenBackForGood(Exception):
    """Nothing goes out from a letter that was taken back."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This letter was taken back, and that can’t be undone. Its words and photographs are"
                " still yours: you can write a new one with them."
            )
        )


# Those that are for people by name; for `LET_IN` there are others besides.
BY_NAME = (Audience.PEOPLE, Audience.LET_IN)
# What of a post's own row says who it is for.
_WRITTEN = (
    "words_for",
    "words_signed_in",
    "photographs_for",
    "photographs_signed_in",
    "veiled",
    "door",
    "door_says",
    "door_is_shared",
)
_WIDTH = {Answer.NOT: 0, Answer.AFTER_A_YES: 1, Answer.AT_ONCE: 2}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one part goes. The ids count only for `BY_NAME`; `signed_in` only for `ANYONE`."""

    audience: Audience = Audience.ONLY_US
    signed_in: bool = True
    accounts: frozenset[UUID] = frozenset()
    circles: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Door:
    """What a door does for each reason, what it says, and whether one is let in to all that is shared.

    A reason that is not among `answers` lets nobody in.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    is_shared: bool = False

    def answer_to(self, reason: str) -> Answer:
        """What it does for somebody with this reason."""
        return Answer(self.answers.get(reason, Answer.NOT))

    def is_shut(self) -> bool:
        """Whether nobody new is let in, whatever their reason."""
        return all(self.answer_to(reason) == Answer.NOT for reason in Reason)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who the words are for, who the photographs are for, whether these are folded, and the door.

    The door counts only where one of the two is for those who are let in.
    """

    words: Reach = Reach()
    photographs: Reach = Reach()
    veiled: bool = True
    door: Door = field(default_factory=Door)

    def has_door(self) -> bool:
        """Whether there is a door at which somebody can ask."""
        return Audience.LET_IN in (self.words.audience, self.photographs.audience)


def chosen(post: Post) -> Chosen:
    """What `post` says now."""
    grants = list(Grant.objects.filter(post=post))
    words = Reach(Audience(post.words_for), signed_in=post.words_signed_in)
    photographs = Reach(Audience(post.photographs_for), signed_in=post.photographs_signed_in)
    return Chosen(
        _with_people(words, grants, Grant.What.WORDS),
        _with_people(photographs, grants, Grant.What.PHOTOGRAPHS),
        post.veiled,
        door_of(post),
    )


def door_of(post: Post) -> Door:
    """What `post`'s door says and does, whether or not anything is behind it."""
    return Door(dict(post.door), says=post.door_says, is_shared=post.door_is_shared)


def has_door(post: Post) -> bool:
    """Whether there is a door at which somebody can ask, now or once it is shown."""
    return Audience.LET_IN in (post.words_for, post.photographs_for)


def is_wider(old: Chosen, new: Chosen) -> bool:
    """Whether anybody at all could come to see more, now or when a circle changes."""
    return (
        _reaches_further(old.words, new.words)
        or _reaches_further(old.photographs, new.photographs)
        or (old.veiled and not new.veiled and new.photographs.audience != Audience.ONLY_US)
        or _opens_further(old, new)
    )


def shows_more(post: Post, wanted: Chosen) -> bool:
    """Whether anybody could come to see more of `post`; also whoever only has a link to it."""
    now = chosen(post)
    unfolds = now.veiled and not wanted.veiled and linked.has_looker(post)
    return unfolds or is_wider(now, wanted)


def why_not(post: Post, wanted: Chosen) -> Promise | str | None:
    """What stands in the way of `wanted`, as a sentence for the page, or nothing."""
    try:
        check(post, wanted)
    except (PhotographsWiderThanWords, NobodyNamed, NoteNeeded) as refusal:
        return str(refusal)
    return None


def check(post: Post, wanted: Chosen) -> None:
    """Return if it can be so; raises `NobodyNamed`, `PhotographsWiderThanWords`, `NoteNeeded`."""
    for reach in (wanted.words, wanted.photographs):
        if reach.audience == Audience.PEOPLE and not (reach.accounts or reach.circles):
            raise NobodyNamed
    if not _within(wanted.words, wanted.photographs):
        raise PhotographsWiderThanWords
    if wanted.veiled and needs_note(post, wanted):
        raise NoteNeeded


def needs_note(post: Post, wanted: Chosen) -> bool:
    """Whether others would meet folded photographs with nothing said about them.

    Where the photographs are only the authors', there is no reader who needs it.
    """
    others = wanted.photographs.audience != Audience.ONLY_US or linked.has_looker(post)
    return others and not post.note.strip() and post.placed.exists()


def within_words(wanted: Chosen) -> Chosen:
    """`wanted`, with the photographs for nobody whom the words aren't for. It only ever narrows."""
    words, photographs = wanted.words, wanted.photographs
    if _within(words, photographs):
        return wanted
    if words.audience in BY_NAME and photographs.audience in BY_NAME:
        reached = _reached(words, photographs.accounts)
        narrower = replace(
            photographs,
            audience=min(words.audience, photographs.audience),
            accounts=photographs.accounts & reached,
            circles=photographs.circles & words.circles,
        )
        named = narrower.accounts or narrower.circles
        nobody = narrower.audience == Audience.PEOPLE and not named
        return replace(wanted, photographs=Reach() if nobody else narrower)
    return replace(wanted, photographs=words)


@transaction.atomic
def choose(post: Post, wanted: Chosen, *, by: Account) -> None:
    """Write down, in a draft, whom it will be for. Nobody sees anything of it yet.

    Only who: that somebody must be named, and what a reader should know, is asked
    when it is published. Raises `NotAnAuthor` and `PhotographsWiderThanWords`.
    """
    post = locked(post, by=by)
    assert post.state == Post.State.DRAFT
    if not _within(wanted.words, wanted.photographs):
        raise PhotographsWiderThanWords
    _write(post, wanted)


@reserve.used_if_full
@transaction.atomic
def change(
    post: Post, wanted: Chosen, *, by: Account, at: datetime, yes: Collection[UUID] = ()
) -> None:
    """Change whom a published or closed post is for, from the next request on.

    To fewer people: any author, alone. To more: the sole author at once; where there are
    several, `WaitsForOthers`, unless all others are among `yes`. Also raises `NotAnAuthor`, `TakenBackForGood`, and
    what `check` raises, except that nothing keeps anybody from showing it to fewer.
    """
    _change(locked(post, by=by), wanted, by=by, at=at, yes=yes)


@transaction.atomic
def show_to_nobody(post: Post, *, by: Account, at: datetime) -> None:
    """Make words and photographs only the authors', at once."""
    post = locked(post, by=by)
    wanted = replace(chosen(post), words=Reach(), photographs=Reach())
    _change(post, wanted, by=by, at=at)


@transaction.atomic
def renew_door_address(post: Post, *, by: Account) -> None:
    """Give the door another address; whoever has the old one finds nothing there. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    post.door_address = uuid4()
    post.save(update_fields=["door_address"])


def named_people(post: Post, what: Grant.What | None = None) -> set[UUID]:
    """The accounts that "these people" means at this moment, circles opened; of one part, or of both.

    A draft counts as published now.
    """
    grants = Grant.objects.filter(post=post)
    if what is not None:
        grants = grants.filter(what=what)
    accounts = set(grants.exclude(account=None).values_list("account_id", flat=True))
    in_circles = Membership.objects.filter(circle__grants__in=grants)
    if post.published_at is not None:
        in_circles = in_circles.exclude(from_now_on=True, added_at__gt=post.published_at)
    return {pk for pk in accounts if pk} | set(in_circles.values_list("account_id", flat=True))


def _change(
    post: Post, wanted: Chosen, *, by: Account, at: datetime, yes: Collection[UUID] = ()
) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    if shows_more(post, wanted):
        check(post, wanted)
        require_every_yes(post, by=by, yes=yes)
        _write(post, wanted)
    else:
        _narrow(post, wanted, at=at)


def _narrow(post: Post, wanted: Chosen, *, at: datetime) -> None:
    if not _within(wanted.words, wanted.photographs):
        raise PhotographsWiderThanWords
    _write(post, wanted)
    narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)


def _write(post: Post, wanted: Chosen) -> None:
    post.words_for = wanted.words.audience
    post.photographs_for = wanted.photographs.audience
    post.words_signed_in = wanted.words.signed_in
    # Only ANYONE asks whether somebody is signed in; elsewhere the column says the safer thing.
    post.photographs_signed_in = (
        wanted.photographs.signed_in or wanted.photographs.audience != Audience.ANYONE
    )
    post.veiled = wanted.veiled
    post.door = dict(wanted.door.answers)
    post.door_says, post.door_is_shared = wanted.door.says, wanted.door.is_shared
    post.save(update_fields=_WRITTEN)
    grant(post, set(_named(wanted)))


def _named(wanted: Chosen) -> Iterator[Granted]:
    parts = ((Grant.What.WORDS, wanted.words), (Grant.What.PHOTOGRAPHS, wanted.photographs))
    for what, reach in parts:
        if reach.audience in BY_NAME:
            yield from (Granted(what.value, account, None) for account in reach.accounts)
            yield from (Granted(what.value, None, circle) for circle in reach.circles)


def _with_people(reach: Reach, grants: Iterable[Grant], what: Grant.What) -> Reach:
    if reach.audience not in BY_NAME:
        return reach
    mine = [grant for grant in grants if grant.what == what]
    accounts = frozenset(grant.account_id for grant in mine if grant.account_id)
    circles = frozenset(grant.circle_id for grant in mine if grant.circle_id)
    return replace(reach, accounts=accounts, circles=circles)


def _reaches_further(old: Reach, new: Reach) -> bool:
    if new.audience == Audience.ONLY_US:
        return False
    if old.audience == Audience.ANYONE:
        return new.audience == Audience.ANYONE and old.signed_in and not new.signed_in
    if new.audience == Audience.ANYONE:
        return True
    if old.audience == Audience.ONLY_US:
        return bool(new.accounts or new.circles) or new.audience > Audience.PEOPLE
    more_people = not (new.accounts <= old.accounts and new.circles <= old.circles)
    return more_people or new.audience > old.audience


def _opens_further(old: Chosen, new: Chosen) -> bool:
    """Whether the door lets in more, or further. Whoever it lets in to what is shared is let in elsewhere too."""
    if not new.has_door():
        return False
    shared_before = old.has_door() and old.door.is_shared
    if new.door.is_shared and not shared_before:
        return True
    widths = [(_WIDTH[old.door.answer_to(one)], _WIDTH[new.door.answer_to(one)]) for one in Reason]
    return old.has_door() and any(now < then for now, then in widths)


def _within(words: Reach, photographs: Reach) -> bool:
    """Whether everybody whom the photographs are for is one whom the words are for, today."""
    if photographs.audience > words.audience:
        return False
    if photographs.audience == Audience.ANYONE:
        return photographs.signed_in or not words.signed_in
    if words.audience not in BY_NAME or photographs.audience not in BY_NAME:
        return True
    reached = _reached(words, photographs.accounts)
    return photographs.circles <= words.circles and photographs.accounts <= reached


def _reached(words: Reach, accounts: frozenset[UUID]) -> frozenset[UUID]:
    """Those of `accounts` whom the words name, alone or in a circle.

    Also whoever is in a circle only from now on: the rule asks for the words first.
    """
    by_circle = Membership.objects.filter(circle__in=words.circles, account__in=accounts)
    return words.accounts | frozenset(by_circle.values_list("account_id", flat=True))
