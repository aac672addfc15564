"""Where people act upon a few letters: before each act and after it everything is looked at.

After each, every form of the rule is held to the plain one over a world read anew from the rows; exactly those
facts have changed that the act means to change; and nobody has come to see more but whom it may show more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from django.db import transaction

from beside.access.policy import Viewer, people_who_see, visible_to, with_openness
from beside.people.models import Account, Delegation, Session
from beside.photos.models import Photo
from beside.posts import share_links
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Answer, Audience, Post, Reason, ShareLink
from beside.posts.share_links import Terms
from tests.access import plain
from tests.access.facts import OF_A_LETTER, Fact, facts_of
from tests.access.reading import world_of
from tests.access.worlds import Looking
from tests.cast import NAMES, NOW, make_cast, make_circle, make_photo, make_post

READERS = ("nan", "ines", "ada")
NEAR = ("rose", "tom", *READERS)
VISITS = {"nan": "visit-of-nan", "ada": "visit-of-ada", None: "visit-of-nobody"}
LINK_LASTS = timedelta(days=20)
Grown = Callable[[str | None, int], bool]
Refusals = tuple[type[Exception], ...]
T = TypeVar("T")


class NothingToDo(Exception):
    """There is nothing of that kind to do it with."""


def never(who: str | None, post: int) -> bool:
    """For what may show nothing more to anybody."""
    return False


@dataclass(frozen=True)
class Meant:
    """What an act means: the facts that are there afterwards, those that aren't, and who may come to see more."""

    adds: AbstractSet[Fact] = frozenset()
    ends: AbstractSet[Fact] = frozenset()
    may_grow: Grown = never
    besides: tuple[str, ...] = ()


@dataclass
class Question:
    """Something was asked of all authors of a letter: what it was then, and who has said yes to that."""

    row: Any
    letter: AbstractSet[Fact]
    becomes: AbstractSet[Fact]
    asked_at: datetime
    yes: set[str]


@dataclass
class Invited:
    """Somebody is asked to write a letter with its authors."""

    row: Any
    who: str
    yes: set[str] = field(default_factory=set)


Act = Callable[["Stage"], Meant | None]


class Stage:
    """Three letters: one by two authors, one by the first alone, and one that the two haven't shown yet."""

    def __init__(self, random: Random) -> None:
        self.random, self.now = random, NOW
        self.cast = make_cast()
        rose, tom = self.cast.rose, self.cast.tom
        self.circle = make_circle(rose, of=[self.cast.nan])
        self.posts = [
            _letter(random, rose, tom),
            _letter(random, rose),
            _letter(random, rose, tom, state=Post.State.DRAFT),
        ]
        self.called = {self.cast[name].pk: name for name in NAMES} | {self.circle.pk: "family"}
        self.called |= {post.pk: number for number, post in enumerate(self.posts)}
        photos = [photo for post in self.posts for photo in Photo.objects.filter(placed__post=post)]
        self.called |= {photo.pk: f"photograph {number}" for number, photo in enumerate(photos)}
        for who, visit in VISITS.items():
            Session.objects.create(
                session_key=visit,
                session_data="",
                expire_date=NOW + timedelta(days=5000),
                account=None if who is None else self.cast[who],
            )
        self._remember_nothing_yet()
        self._make_links()
        self._have_helpers()
        self._look()

    def _make_links(self) -> None:
        """One that waits for a yes, and one that can be opened."""
        for post in self.posts[:2]:
            terms = Terms("Gran", with_photographs=True, good_for=LINK_LASTS)
            link, _secret = share_links.make(post, terms, by=self.cast.rose, at=self.now)
            self.called[link.pk] = len(self.links)
            self.links.append(link)

    def _remember_nothing_yet(self) -> None:
        self.done: list[str] = []
        self.links: list[ShareLink] = []
        self.bound: set[int] = set()
        self.questions: dict[int, Question] = {}
        self.invited: dict[int, Invited] = {}
        self.told_no: set[tuple[int, str]] = set()
        self.asked_at: dict[tuple[int, str], datetime] = {}
        self.acts_from: dict[tuple[str, str], datetime] = {}
        self.by = "rose"

    def _have_helpers(self) -> None:
        """Somebody reads first for one author, and somebody is there for after for the other."""
        for author, delegate, role in (("tom", "ada", "screener"), ("rose", "nan", "steward")):
            Delegation.objects.create(
                author=self.cast[author],
                delegate=self.cast[delegate],
                role=role,
                offered_at=self.now,
                signed_at=self.now,
            )

    def step(self, act: Act, *, refusals: Refusals, narrows: bool) -> bool:
        """One act of somebody's; answers whether there was anything to do.

        Raises AssertionError where it does what it doesn't mean, where too much is seen, or where
        it is refused to an author although it only narrows.
        """
        before, met = self.facts, self.met
        self.done.append(act.__name__)
        meant, refused = Meant(), None
        try:
            with transaction.atomic():
                meant = act(self) or Meant()
        except NothingToDo:
            self.done.pop()
            return False
        except refusals as refusal:
            refused = refusal
        self.done[-1] += f" by {self.by}" + (f" ({type(refused).__name__})" if refused else "")
        beyond = (NotAnAuthor, TakenBackForGood)
        assert not (narrows and refused) or isinstance(refused, beyond), self.done
        self._look()
        self._hold_to_what_was_meant(before, meant)
        self._hold_to_the_plain_rule()
        self._hold_growth(met, meant)
        return True

    def _look(self) -> None:
        self.world = world_of(at=self.now)
        self.facts = facts_of(self.world, self.called)
        self.met = self._met()

    def _hold_to_what_was_meant(self, before: AbstractSet[Fact], meant: Meant) -> None:
        added, ended = (
            {fact for fact in facts if fact[0] not in meant.besides}
            for facts in (self.facts - before, before - self.facts)
        )
        assert added == meant.adds - before, self.done
        assert ended == (meant.ends - meant.adds) & before, self.done

    def _hold_to_the_plain_rule(self) -> None:
        for viewer in self.world.viewers:
            sights = self.met[self._as_viewer(viewer)]
            for post in self.world.posts:
                assert sights.get(post.id, 0) == plain.sight(self.world, viewer, post), self.done
        for post in self.world.posts:
            self._people(post)
        for viewer in self.world.viewers:
            lying = with_openness(Photo.objects.all(), self._as_viewer(viewer), at=self.now)
            found = dict(lying.values_list("pk", "is_open"))
            for photo in self.world.photos:
                assert found[photo.id] == plain.is_sent(self.world, viewer, photo), self.done

    def _people(self, post) -> None:
        expected = {
            person.id: plain.sight(self.world, Looking(person, None), post)
            for person in self.world.people
        }
        found = dict(people_who_see(Post(pk=post.id)).values_list("pk", "sight"))
        assert found == {key: sight for key, sight in expected.items() if sight}, self.done

    def _hold_growth(self, before: dict, meant: Meant) -> None:
        for viewer, sights in self.met.items():
            who = self.called[viewer.account] if viewer.account else None
            for post in self.posts:
                if sights.get(post.pk, 0) > before[viewer].get(post.pk, 0):
                    assert meant.may_grow(who, self.called[post.pk]), (self.done, who)

    def _met(self) -> dict[Viewer, dict]:
        return {
            viewer: dict(visible_to(viewer, at=self.now).values_list("pk", "sight"))
            for viewer in map(self._as_viewer, self.world.viewers)
        }

    def _as_viewer(self, viewer: Looking) -> Viewer:
        return Viewer(viewer.me and viewer.me.id, viewer.visit)

    # What acts ask.

    def told(self, *beginning) -> set[Fact]:
        """The facts that were there before the act and begin like this."""
        length = len(beginning)
        return {fact for fact in self.facts if fact[:length] == beginning}

    def authors(self, post: int) -> set[str]:
        return {fact[2] for fact in self.told("author", post)}

    def letters_of(self, name: str) -> set[int]:
        return {number for number in range(len(self.posts)) if name in self.authors(number)}

    def letter(self, post: int) -> set[Fact]:
        """All that a yes to it is said to."""
        return {fact for fact in self.facts if fact[0] in OF_A_LETTER and fact[1] == post}

    def is_apart(self, one: str, other: str) -> bool:
        return bool(self.told("blocks", one, other) or self.told("blocks", other, one))

    def is_banned(self, post: int, who: str) -> bool:
        """By any author, by account or by address."""
        email = self.cast[who].email.lower()
        kept = {(fact[1], fact[2]) for fact in self.told("keeps out")}
        return any((one, who) in kept or (one, email) in kept for one in self.authors(post))

    def shares(self, post: int) -> bool:
        """Whether whoever is let in at its door is let in elsewhere too."""
        (door,) = self.told("door", post)
        return bool(door[2][0])

    def opens_with(self, post: int) -> set[int]:
        """The letters that somebody sees more of who is let in at this door."""
        if not self.shares(post):
            return {post}
        ours = self.authors(post)
        others = range(len(self.posts))
        return {post} | {one for one in others if self.shares(one) and self.authors(one) == ours}

    def is_published(self, post: int) -> bool:
        return ("state", post, "published") in self.facts

    def has_door(self, post: int) -> bool:
        level = {fact[3] for fact in self.told("for", post)}
        return int(Audience.LET_IN) in level

    # What acts choose. Always from lists in an order of their own, so that a seed settles everything.

    def one(self, names: Iterable[T]) -> T:
        found = list(names)
        if not found:
            raise NothingToDo
        return self.random.choice(found)

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def one_told(self, *beginning, chance: float = 1.0) -> Fact | None:
        """One of those facts, in a settled order; or none, when chance has it so."""
        found = sorted(self.told(*beginning), key=repr)
        return self.random.choice(found) if found and self.likely(chance) else None

    def a_letter(self) -> int:
        """Mostly one that is shown."""
        every = range(len(self.posts))
        shown = [post for post in every if self.is_published(post)]
        return self.one(shown if shown and self.likely(0.6) else every)

    def row(self, post: int) -> Post:
        """The letter, as it is now or as somebody had opened it long ago."""
        return Post.objects.get(pk=self.posts[post].pk) if self.likely(0.7) else self.posts[post]

    def somebody_of(self, post: int) -> Account:
        """Mostly one of its authors; whoever it is, they are who acts."""
        ours = sorted(self.authors(post))
        return self.acts(self.random.choice(ours if self.likely(0.85) else NEAR))

    def acts(self, name: str) -> Account:
        """Say who does it."""
        self.by = name
        return self.cast[name]

    def must(self, holds: bool) -> None:
        """What has just been done can only be done where this holds."""
        assert holds, f"{self.done[-1]} by {self.by} was not refused: {self.done}"


def _letter(random: Random, *authors, **fields) -> Post:
    answers = (Answer.AT_ONCE, Answer.AFTER_A_YES, Answer.AFTER_A_YES, Answer.NOT)
    return make_post(
        *authors,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_photo(author) for author in authors],
        door={reason: random.choice(answers) for reason in Reason},
        door_is_shared=random.random() < 0.8,
        **fields,
    )
