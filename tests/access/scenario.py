"""The scenario that the acts of the state machine change: people, three posts, links, requests and delegations.

`Scenario` knows the rows, remembers what people have said that no row says, and draws what an act needs. It checks
nothing: that is `tests.access.state_machine`. The words are those of `tests.cast`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from beside.access.door import admissions
from beside.access.models import AccessRequest
from beside.access.policy import Viewer
from beside.people import follows
from beside.people.models import Account, Delegation, Session
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.posts import coauthors, share_link_devices, share_links
from beside.posts.models import Answer, Audience, Post, Reason, ShareLink
from beside.posts.share_links import Terms
from tests.access.acts import Invited, NothingToDo, Question
from tests.access.facts import OF_A_POST, Fact
from tests.access.worlds import World
from tests.cast import NAMES, NOW, make_cast, make_circle, make_photo, make_post

READERS = ("nan", "ines", "ada")
NEAR = ("rose", "tom", *READERS)
SESSIONS = {"nan": "session-of-nan", "ada": "session-of-ada", None: "session-of-nobody"}
MODERATORS_SESSION = "session-of-marit"
LINK_LASTS = timedelta(days=20)
T = TypeVar("T")


class Scenario:
    """Three posts: one by two authors, one by the first of them alone, and one draft by both."""

    def __init__(self, choose: Callable[[Sequence[Any]], Any]) -> None:
        """`choose` answers with one of several: drawn by Hypothesis, or at random."""
        self._choose, self.now = choose, NOW
        self.by = "rose"
        self.facts: frozenset[Fact] = frozenset()
        self.met: dict[Viewer, dict] = {}
        self.links: list[ShareLink] = []
        # What was said that no row says, or says in the program's words.
        self.bound: set[int] = set()
        self.questions: dict[int, Question] = {}
        self.invited: dict[int, Invited] = {}
        self.declined: set[tuple[int, str]] = set()
        self.rather_not: set[tuple[int, str]] = set()
        self.asked_at: dict[tuple[int, str], datetime] = {}
        self.acts_from: dict[tuple[str, str], datetime] = {}
        self.responses: list[UUID] = []
        self.notes: list[UUID] = []
        self.entries: list[UUID] = []
        self.members: list[UUID] = []
        self.in_hand_until: dict[int, datetime] = {}
        # As it was before the act.
        self.world: World
        self._make_people()
        self._make_follows()
        self._make_posts()
        self._make_links()
        self._make_delegations()
        self._make_requests()

    def _make_people(self) -> None:
        self.cast = make_cast()
        self.circle = make_circle(self.cast.rose, of=[self.cast.nan, self.cast.ines])
        self.called: dict[Any, Any] = {self.cast[name].pk: name for name in NAMES}
        self.called[self.circle.pk] = "family"
        for who, key in [*SESSIONS.items(), ("marit", MODERATORS_SESSION)]:
            Session.objects.create(
                session_key=key,
                session_data="",
                expire_date=NOW + timedelta(days=5000),
                account=None if who is None else self.cast[who],
            )

    def _make_follows(self) -> None:
        """One person follows an author, and one waits for an answer."""
        follows.ask(self.cast.ada, self.cast.tom, at=self.now)
        follows.accept(self.cast.tom, self.cast.ada.pk, at=self.now)
        follows.ask(self.cast.ines, self.cast.rose, at=self.now)

    def _make_posts(self) -> None:
        rose, tom = self.cast.rose, self.cast.tom
        self.posts = [
            self._make_post(rose, tom),
            self._make_post(rose),
            self._make_post(rose, tom, state=Post.State.DRAFT),
        ]
        self.called |= {post.pk: number for number, post in enumerate(self.posts)}
        self.photos: list[Photo] = []
        for post in self.posts:
            self.photos += Photo.objects.filter(placed__post=post).order_by("placed__position")
        self._hide(self.photos[0])
        self.called |= {
            photo.pk: f"photograph {number}" for number, photo in enumerate(self.photos)
        }

    def _hide(self, photo: Photo) -> None:
        """Both authors hold this photograph, and have hidden it from themselves."""
        Hold.objects.create(
            photo=photo, account=self.cast.tom, kind=Hold.Kind.ORIGINAL, wrapped=b"key"
        )
        for holder in (self.cast.rose, self.cast.tom):
            HiddenPhoto.objects.create(photo=photo, account=holder, since=self.now)

    def _make_post(self, *authors: Account, **fields: Any) -> Post:
        answers = (Answer.AT_ONCE, Answer.AFTER_A_YES, Answer.AFTER_A_YES, Answer.NOT)
        return make_post(
            *authors,
            words_for=Audience.ANYONE,
            photographs_for=Audience.LET_IN,
            photos=[make_photo(author) for author in authors],
            door={reason: self.one(answers) for reason in Reason},
            door_is_shared=self.likely(0.7),
            **fields,
        )

    def _make_links(self) -> None:
        """One link waits for an approval; the other was opened once, and is waited for on two other devices."""
        for post in self.posts[:2]:
            terms = Terms("Gran", with_photographs=True, good_for=LINK_LASTS)
            link, _secret = share_links.make(post, terms, by=self.cast.rose, at=self.now)
            self.add_link(link)
        for session in reversed(SESSIONS.values()):
            share_link_devices.open_in(session, link, device="A phone", at=self.now)
        self.bound.add(1)

    def _make_delegations(self) -> None:
        """Two screeners for one author; a steward for each, one of whom has asked to act and may in ten days; and an offer."""
        self.acts_from["nan", "rose"] = self.now + timedelta(days=10)
        asks = {
            "asked_to_act_at": self.now - timedelta(days=50),
            "acts_from": self.acts_from["nan", "rose"],
        }
        long_ago = self.now - timedelta(days=60)
        for author, delegate, role, more in (
            ("tom", "ines", "screener", {"signed_at": long_ago}),
            ("tom", "nan", "screener", {"signed_at": long_ago}),
            ("tom", "ada", "steward", {"signed_at": long_ago}),
            ("rose", "nan", "steward", {"signed_at": long_ago, **asks}),
            ("rose", "ada", "screener", {}),
        ):
            Delegation.objects.create(
                author=self.cast[author],
                delegate=self.cast[delegate],
                role=role,
                offered_at=long_ago,
                **more,
            )

    def _make_requests(self) -> None:
        """Readers were admitted, one waits for an answer, one was declined, and one is invited to be a co-author."""
        first, second, _draft = self.posts
        for reader in (self.cast.ada, self.cast.marit):
            admissions.admit(first, reader.pk, message="", at=self.now)
        # As if the second post had had two authors then.
        both = admissions.admit(second, self.cast.ines.pk, message="", at=self.now)
        both.by.set([self.cast.rose, self.cast.tom])
        self._request("ines", AccessRequest.State.WAITING, days_ago=0)
        self._request("nan", AccessRequest.State.DECLINED, days_ago=40)
        self.declined.add((0, "nan"))
        row = coauthors.invite(second, self.cast.nan, message="", by=self.cast.rose, at=self.now)
        self.invited[1] = Invited(row, "nan", "rose", {"rose"})

    def _request(self, who: str, state: AccessRequest.State, *, days_ago: int) -> None:
        asked_at = self.now - timedelta(days=days_ago)
        AccessRequest.objects.create(
            post=self.posts[0],
            asker=self.cast[who],
            state=state,
            asked_at=asked_at,
            lapses_at=asked_at + timedelta(days=30),
        )
        self.asked_at[0, who] = asked_at

    def add_link(self, link: ShareLink) -> int:
        """Number a new link."""
        self.called[link.pk] = len(self.links)
        self.links.append(link)
        return len(self.links) - 1

    def add_response(self, key: UUID) -> None:
        """Number a new response."""
        self.called[key] = len(self.responses)
        self.responses.append(key)

    def add_note(self, key: UUID) -> None:
        """Number a new note of thanks."""
        self.called[key] = len(self.notes)
        self.notes.append(key)

    def add_entry(self, key: UUID) -> None:
        """Number a new entry of a family."""
        self.called[key] = len(self.entries)
        self.entries.append(key)

    def add_member(self, key: UUID) -> None:
        """Number a new member of a family."""
        self.called[key] = len(self.members)
        self.members.append(key)

    # What was there before the act.

    def find(self, *beginning: object) -> set[Fact]:
        """The facts that begin like this."""
        length = len(beginning)
        return {fact for fact in self.facts if fact[:length] == beginning}

    def authors(self, post: int) -> set[str]:
        return {fact[2] for fact in self.find("author", post)}

    def posts_of(self, name: str) -> set[int]:
        return {number for number in range(len(self.posts)) if name in self.authors(number)}

    def post_facts(self, post: int) -> set[Fact]:
        """All that an approval is given to."""
        return {fact for fact in self.facts if fact[0] in OF_A_POST and fact[1] == post}

    def is_apart(self, one: str, other: str) -> bool:
        return bool(self.find("blocks", one, other) or self.find("blocks", other, one))

    def is_banned(self, post: int, who: str) -> bool:
        """Whether any author has banned them, by account or by address."""
        email = self.cast[who].email.lower()
        bans = {(fact[1], fact[2]) for fact in self.find("bans")}
        return any((one, who) in bans or (one, email) in bans for one in self.authors(post))

    def shares(self, post: int) -> bool:
        """Whether an admission at its door covers the authors' other posts too."""
        (door,) = self.find("door", post)
        return bool(door[2][0])

    def opens_with(self, post: int) -> set[int]:
        """The posts that an admission at this door covers."""
        if not self.shares(post):
            return {post}
        ours = self.authors(post)
        others = range(len(self.posts))
        return {post} | {one for one in others if self.shares(one) and self.authors(one) == ours}

    def is_published(self, post: int) -> bool:
        return ("state", post, "published") in self.facts

    def has_door(self, post: int) -> bool:
        level = {fact[3] for fact in self.find("for", post)}
        return int(Audience.LET_IN) in level

    def deciders(self, post: int) -> set[str]:
        """The authors, and their screeners."""
        ours = self.authors(post)
        screeners = {
            fact[1]
            for fact in self.find("helps")
            if fact[2] in ours and fact[3] == "screener" and fact[4] == "signed"
        }
        return ours | screeners

    # What an act draws: always from lists in a fixed order, so that an example can be replayed.

    def one(self, names: Iterable[T]) -> T:
        found = list(names)
        if not found:
            raise NothingToDo
        return self._choose(found) if len(found) > 1 else found[0]

    def two(self, names: Iterable[T]) -> tuple[T, T]:
        """Two different ones."""
        found = list(names)
        first = self.one(found)
        return first, self.one(name for name in found if name != first)

    def pair(self) -> tuple[str, str]:
        """Two people; often two who are apart, so that what a block forbids is tried."""
        apart = sorted(fact[1:] for fact in self.find("blocks") if {*fact[1:]} <= {*NEAR})
        if not apart or not self.likely(0.4):
            return self.two(NEAR)
        one, other = self.one(apart)
        return (one, other) if self.likely(0.5) else (other, one)

    def likely(self, chance: float) -> bool:
        """True with this chance, in twentieths."""
        return bool(self._choose(_weighted(round(chance * 20))))

    def find_one(self, *beginning: object, chance: float = 1.0) -> Fact | None:
        """One of those facts; or none, if there is none or with what is left of `chance`."""
        found = sorted(self.find(*beginning), key=repr)
        return self.one(found) if found and (chance == 1 or self.likely(chance)) else None

    def a_post(self) -> int:
        """More often a published one."""
        every = range(len(self.posts))
        shown = [post for post in every if self.is_published(post)]
        return self.one(shown if shown and self.likely(0.6) else every)

    def row(self, post: int) -> Post:
        """The post as it is now, or as somebody had loaded it long ago."""
        return Post.objects.get(pk=self.posts[post].pk) if self.likely(0.7) else self.posts[post]

    def somebody_of(self, post: int) -> Account:
        """Most often one of its authors; whoever it is, they are who acts."""
        ours = sorted(self.authors(post))
        return self.acts(self.one(ours if self.likely(0.8) else NEAR))

    def acts(self, name: str) -> Account:
        """Say who does it."""
        self.by = name
        return self.cast[name]

    def must(self, holds: bool) -> None:
        """What has just been done may only be done where this holds."""
        assert holds, f"{self.by} should have been refused"


@lru_cache
def _weighted(twentieths: int) -> tuple[bool, ...]:
    return (True,) * twentieths + (False,) * (20 - twentieths)
