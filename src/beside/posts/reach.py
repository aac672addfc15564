"""How far a post reaches: the choice of an audience as a value, comparing two choices, and checking one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from beside.people.models import Membership
from beside.posts.models import Answer, Audience, Post, Reason, ShareLink


class PhotographsWiderThanWords(Exception):
    """The photographs would be for somebody whom the words aren't for."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The photographs can’t be for more people than the words. Show the words to more people,"
                " or the photographs to fewer."
            )
        )


class NobodyNamed(Exception):
    """ "These people" was chosen, and nobody was named."""

    def __init__(self) -> None:
        super().__init__(_("Tick the people or the circles that it’s for, or choose “Only us”."))


class NoteNeeded(Exception):
    """Readers would meet folded photographs without a note about what is inside."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Before anybody else can look, a reader should know what the photographs show. One plain"
                " sentence is enough: who it is, whether they’re alive, and what can be seen."
            )
        )


# The audiences for which people are named; `LET_IN` also includes those admitted at the door.
BY_NAME = (Audience.PEOPLE, Audience.LET_IN)
_WIDTH = {Answer.NOT: 0, Answer.AFTER_A_YES: 1, Answer.AT_ONCE: 2}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one part of a post goes.

    The ids count only for the audiences in `BY_NAME`, and `signed_in` only for `ANYONE`.
    """

    audience: Audience = Audience.ONLY_US
    signed_in: bool = True
    accounts: frozenset[UUID] = frozenset()
    circles: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Door:
    """What a door does for each reason, what it says, and whether it admits to everything shared.

    A reason that is not among `answers` lets nobody in.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    is_shared: bool = False

    def answer_to(self, reason: str) -> Answer:
        """What the door does for somebody who gives this reason."""
        return Answer(self.answers.get(reason, Answer.NOT))

    def is_shut(self) -> bool:
        """Whether nobody new is let in, whatever their reason."""
        return all(self.answer_to(reason) == Answer.NOT for reason in Reason)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who the words and the photographs are for, whether the photographs are folded, and the door.

    The door counts only if the audience of either part is `LET_IN`.
    """

    words: Reach = Reach()
    photographs: Reach = Reach()
    veiled: bool = True
    door: Door = field(default_factory=Door)

    def has_door(self) -> bool:
        """Whether there is a door at which somebody can ask."""
        return Audience.LET_IN in (self.words.audience, self.photographs.audience)


def is_wider(old: Chosen, new: Chosen) -> bool:
    """Whether anybody could see more under `new` than under `old`, now or when a circle changes."""
    return (
        _reaches_further(old.words, new.words)
        or _reaches_further(old.photographs, new.photographs)
        or (old.veiled and not new.veiled and new.photographs.audience != Audience.ONLY_US)
        or _opens_further(old, new)
    )


def check(post: Post, wanted: Chosen) -> None:
    """Return only if `post` could be shown to those `wanted` names.

    Raises `NobodyNamed`, `PhotographsWiderThanWords` and `NoteNeeded`.
    """
    for reach in (wanted.words, wanted.photographs):
        if reach.audience == Audience.PEOPLE and not (reach.accounts or reach.circles):
            raise NobodyNamed
    require_within_words(wanted)
    if wanted.veiled and needs_note(post, wanted):
        raise NoteNeeded


def require_within_words(wanted: Chosen) -> None:
    """Return only if the words are for everybody the photographs are for; else `PhotographsWiderThanWords`."""
    if not _is_within(wanted.words, wanted.photographs):
        raise PhotographsWiderThanWords


def needs_note(post: Post, wanted: Chosen) -> bool:
    """Whether other people would meet folded photographs with nothing said about them.

    If only the authors see the photographs, no reader needs a note.
    """
    others = wanted.photographs.audience != Audience.ONLY_US or shows_photographs_by_link(post)
    return others and not post.note.strip() and post.placed.exists()


def is_shown_by_link(post: Post) -> bool:
    """Whether somebody reads `post` by a share link: then even "only us" has another reader."""
    return ShareLink.objects.not_ended().filter(post=post).exists()


def shows_photographs_by_link(post: Post) -> bool:
    """Whether one of the post's share links opens its photographs too."""
    return ShareLink.objects.not_ended().filter(post=post, with_photographs=True).exists()


def within_words(wanted: Chosen) -> Chosen:
    """`wanted`, with its photographs narrowed to the people the words are for. It never widens."""
    words, photographs = wanted.words, wanted.photographs
    if _is_within(words, photographs):
        return wanted
    if words.audience in BY_NAME and photographs.audience in BY_NAME:
        narrower = replace(
            photographs,
            audience=min(words.audience, photographs.audience),
            accounts=photographs.accounts & _reached(words, photographs.accounts),
            circles=photographs.circles & words.circles,
        )
        named = narrower.accounts or narrower.circles
        nobody = narrower.audience == Audience.PEOPLE and not named
        return replace(wanted, photographs=Reach() if nobody else narrower)
    return replace(wanted, photographs=words)


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
    """Whether the door lets more people in, or lets them further. A shared door admits to other posts too."""
    if not new.has_door():
        return False
    shared_before = old.has_door() and old.door.is_shared
    if new.door.is_shared and not shared_before:
        return True
    widths = [(_WIDTH[old.door.answer_to(one)], _WIDTH[new.door.answer_to(one)]) for one in Reason]
    return old.has_door() and any(before < after for before, after in widths)


def _is_within(words: Reach, photographs: Reach) -> bool:
    """Whether the words are, today, for everybody the photographs are for."""
    if photographs.audience > words.audience:
        return False
    if photographs.audience == Audience.ANYONE:
        return photographs.signed_in or not words.signed_in
    if words.audience not in BY_NAME or photographs.audience not in BY_NAME:
        return True
    reached = _reached(words, photographs.accounts)
    return photographs.circles <= words.circles and photographs.accounts <= reached


def _reached(words: Reach, accounts: frozenset[UUID]) -> frozenset[UUID]:
    """Those of `accounts` whom the words name, personally or through a circle.

    Members who see only what is published from now on count too: the access rule asks for the words first.
    """
    by_circle = Membership.objects.filter(circle__in=words.circles, account__in=accounts)
    return words.accounts | frozenset(by_circle.values_list("account_id", flat=True))
