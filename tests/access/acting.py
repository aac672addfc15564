"""A small world that people act upon by the real acts, in any order, while time goes on.

After each act every form of the rule is held to the plain one, over a world read anew from the rows, and
nobody may have come to see more unless the act was one that may show more, by whoever may do it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from unittest.mock import patch

from django.db import transaction

from beside.access import asking, consents, keeping_out, letting_in, links, opening
from beside.access.asking import AskedLately, DoorIsShut, Said, TooManyAskings
from beside.access.letting_in import NotWaiting
from beside.access.links import IsOver, NotShown, Terms
from beside.access.models import AccessRequest, KeptOut, LinkDevice, ShareLink
from beside.access.opening import NotOpen
from beside.access.policy import NothingToSee, Viewer, people_who_see, photographs_of, visible_to
from beside.people import blocks, circles
from beside.people.models import Session
from beside.posts import audiences, closing, inviting, proposing, taking_back
from beside.posts.audiences import (
    Chosen,
    Door,
    NobodyNamed,
    NoteNeeded,
    PhotographsWiderThanWords,
    Reach,
    TakenBackForGood,
)
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, authors_of
from beside.posts.inviting import NobodyWouldBeLeft
from beside.posts.models import Answer, Audience, Post, Proposal, Reason
from beside.posts.proposing import AskedAlready, NotAskedAnyMore, NothingToAsk
from tests.access import plain
from tests.access.reading import world_of
from tests.access.worlds import Looking
from tests.cast import NAMES, NOW, make_cast, make_circle, make_photo, make_post

REFUSALS = (
    AskedAlready,
    AskedLately,
    DoorIsShut,
    IsOver,
    NobodyNamed,
    NobodyWouldBeLeft,
    NotAnAuthor,
    NotAskedAnyMore,
    NotOpen,
    NotShown,
    NotWaiting,
    NoteNeeded,
    NothingToAsk,
    NothingToSee,
    PhotographsWiderThanWords,
    TakenBackForGood,
    TooManyAskings,
    WaitsForOthers,
)
AUTHORS, READERS = ("rose", "tom"), ("nan", "ines", "ada")
VISITS = {"nan": "visit-of-nan", "ada": "visit-of-ada", None: "visit-of-nobody"}
DAYS = (0, 0, 1, 8, 15, 31)
Grown = Callable[[str | None, Post], bool]


def never(who: str | None, post: Post) -> bool:
    """For what may show nothing more to anybody."""
    return False


class Acting:
    """Two letters, one by two authors and one by the first alone, and everybody who may meet them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.cast = make_cast()
        self.now = NOW
        rose, tom = self.cast.rose, self.cast.tom
        self.circle = make_circle(rose, of=[self.cast.nan])
        begin = {"words_for": Audience.ANYONE, "photographs_for": Audience.LET_IN}
        door = dict.fromkeys(Reason, Answer.AFTER_A_YES)
        self.posts = [
            make_post(*who, photos=[make_photo(rose)], door=door, door_is_shared=shared, **begin)
            for who, shared in (((rose, tom), True), ((rose,), True))
        ]
        for who, visit in VISITS.items():
            Session.objects.create(
                session_key=visit,
                session_data="",
                expire_date=NOW + timedelta(days=60),
                account=None if who is None else self.cast[who],
            )
        self.done: list[str] = []

    def step(self) -> None:
        """One act of somebody's, or time; raises AssertionError where a form differs or too much is seen."""
        before = self._met()
        act = self.random.choice(OFTEN)
        self.done.append(act.__name__)
        may_grow: Grown = never
        self.ended: list[tuple[str | None, Post]] = []
        try:
            with transaction.atomic():
                may_grow = act(self) or never
        except REFUSALS as refused:
            self.ended = []
            self.done[-1] += f" ({type(refused).__name__})"
        self._hold(before, may_grow)

    def _hold(self, before: dict, may_grow: Grown) -> None:
        world = world_of(at=self.now)
        after = self._met()
        for viewer in world.viewers:
            for post in world.posts:
                met = after[viewer.me and viewer.me.id, viewer.visit].get(post.id, 0)
                assert met == plain.sight(world, viewer, post), (self.done, post.state)
        for who, post in self.ended:
            assert self._sight_of(who, post, after) == 0, (self.done, who)
        for post in self.posts:
            self._people(world, post)
            self._bytes(world, post)
            for (account, visit), sights in after.items():
                if sights.get(post.pk, 0) > before[account, visit].get(post.pk, 0):
                    who = next((name for name in VISITS if VISITS[name] == visit), None)
                    who = self._name_of(account) if account else who
                    assert may_grow(who, Post.objects.get(pk=post.pk)), (self.done, who)

    def _people(self, world, post: Post) -> None:
        one = next(other for other in world.posts if other.id == post.pk)
        expected = {
            person.id: plain.sight(world, Looking(person, None), one)
            for person in world.people
            if person.is_active
        }
        found = dict(people_who_see(post).values_list("pk", "sight"))
        assert found == {key: sight for key, sight in expected.items() if sight}, self.done

    def _bytes(self, world, post: Post) -> None:
        for viewer in world.viewers:
            me = Viewer(viewer.me and viewer.me.id, viewer.visit)
            for photo in photographs_of(post, me, at=self.now):
                one = next(other for other in world.photos if other.id == photo.pk)
                assert photo.is_open == plain.is_sent(world, viewer, one), self.done

    def _sight_of(self, who: str | None, post: Post, met: dict) -> int:
        account = None if who is None else self.cast[who].pk
        return met[account, VISITS.get(who)].get(post.pk, 0)

    def _ends_for_all(self, post: Post) -> None:
        """From this act on nobody but its authors may meet anything of it."""
        ours = [author.pk for author in authors_of(post)]
        readers = [name for name in NAMES if self.cast[name].pk not in ours]
        self.ended = [(name, post) for name in (*readers, None)]

    def _met(self) -> dict:
        met = {}
        for viewer in self._viewers():
            sights = visible_to(viewer, at=self.now).values_list("pk", "sight")
            met[viewer.account, viewer.session] = dict(sights)
        return met

    def _viewers(self) -> list[Viewer]:
        people = [Viewer(self.cast[name].pk, VISITS.get(name)) for name in NAMES]
        return [*people, Viewer(None, None), Viewer(None, VISITS[None])]

    def _name_of(self, account) -> str:
        return next(name for name in NAMES if self.cast[name].pk == account)

    def _one(self, names=(*AUTHORS, *READERS)):
        return self.random.choice(names)

    def _link(self) -> ShareLink:
        link = ShareLink.objects.order_by("?").first()
        if link is None:
            raise NotOpen
        return link

    def _every_yes(self, post: Post) -> Grown:
        """Every author has agreed to this very question, and it was carried out."""
        asked = Proposal.objects.filter(post=post).order_by("-asked_at", "-ended_at").first()
        yes = set(asked.agreements.values_list("account", flat=True)) if asked else set()
        agreed = asked is not None and asked.outcome == Proposal.Outcome.AGREED
        everybody = {author.pk for author in authors_of(post)}
        return lambda who, grown: agreed and everybody <= yes and grown == post

    def _chosen(self) -> Chosen:
        named = {"accounts": frozenset({self.cast[self._one(READERS)].pk})}
        if self.random.random() < 0.5:
            named = {"circles": frozenset({self.circle.pk})}
        reaches = [
            Reach(),
            Reach(Audience.PEOPLE, **named),
            Reach(Audience.LET_IN, **named),
            Reach(Audience.LET_IN),
            Reach(Audience.ANYONE),
            Reach(Audience.ANYONE, signed_in=False),
        ]
        words = self.random.choice(reaches[1:])
        photographs = self.random.choice(reaches[: reaches.index(words) + 1])
        answers = {reason: self.random.choice(list(Answer)) for reason in Reason}
        return Chosen(
            words,
            photographs,
            veiled=self.random.random() < 0.7,
            door=Door(answers, is_shared=self.random.random() < 0.6),
        )

    def _post(self) -> Post:
        return Post.objects.get(pk=self.random.choice(self.posts).pk)

    def _author(self):
        return self.cast[self._one(("rose", "rose", "tom"))]


def time_goes_on(world: Acting) -> None:
    world.now += timedelta(days=world.random.choice(DAYS))
    proposing.run_due(world.now)
    asking.lapse(world.now)
    links.lapse(at=world.now)


def somebody_blocks(world: Acting) -> None:
    one, other = world.random.sample([*AUTHORS, *READERS], 2)
    blocks.block(world.cast[one], world.cast[other], at=world.now)
    for post in world.posts:
        authors = [author.pk for author in authors_of(post)]
        if world.cast[one].pk in authors and world.cast[other].pk not in authors:
            world.ended.append((other, post))


def somebody_unblocks(world: Acting) -> Grown:
    one, other = world.random.sample([*AUTHORS, *READERS], 2)
    blocks.unblock(world.cast[one], world.cast[other].pk)
    return lambda who, post: who in (one, other)


def into_the_circle(world: Acting) -> Grown:
    name = world._one(READERS)
    circles.add(world.circle, world.cast[name], at=world.now)
    return lambda who, post: who == name


def out_of_the_circle(world: Acting) -> None:
    circles.take_out(world.circle, world.cast[world._one(READERS)].pk, at=world.now)


def an_author_chooses_anew(world: Acting) -> Grown:
    """Alone where there are two: then it may only narrow."""
    post, by = world._post(), world._author()
    audiences.change(post, world._chosen(), by=by, at=world.now)
    alone = [author.pk for author in authors_of(post)] == [by.pk]
    return lambda who, grown: alone and grown == post


def an_author_proposes(world: Acting) -> Grown:
    post, by = world._post(), world._author()
    shows = world.random.random() < 0.5
    want = audiences.chosen(post) if shows else world._chosen()
    proposing.propose(post, want, shows=shows, said="", by=by, at=world.now)
    return world._every_yes(post)


def an_author_agrees(world: Acting) -> Grown:
    asked = Proposal.objects.filter(ended_at=None).order_by("?").first()
    if asked is None:
        raise NotAskedAnyMore
    proposing.agree(asked, by=world._author(), at=world.now)
    return world._every_yes(asked.post)


def an_author_keeps_it(world: Acting) -> None:
    asked = Proposal.objects.filter(ended_at=None).first()
    if asked is not None:
        proposing.keep_as_it_is(asked, by=world._author(), at=world.now)


def an_author_closes(world: Acting) -> None:
    post = world._post()
    closing.close(post, by=world._author(), at=world.now)
    world._ends_for_all(post)


def an_author_opens_again(world: Acting) -> Grown:
    post, by = world._post(), world._author()
    closing.reopen(post, by=by, at=world.now)
    alone = [author.pk for author in authors_of(post)] == [by.pk]
    return lambda who, grown: alone and grown == post


def an_author_shows_it_to_nobody(world: Acting) -> None:
    post = world._post()
    links.show_to_nobody(post, by=world._author(), at=world.now)
    world._ends_for_all(post)


def an_author_takes_it_back(world: Acting) -> None:
    if world.random.random() < 0.2:
        post = world._post()
        # The keys' own end has its own tests; these photographs have none.
        with patch.object(taking_back, "_end_what_was_shown"):
            taking_back.take_back(post, by=world._author(), at=world.now)
        world._ends_for_all(post)


def an_author_steps_out(world: Acting) -> Grown:
    """From then on it is for those who remain to say who sees it."""
    if world.random.random() < 0.7:
        raise NobodyWouldBeLeft
    post = world._post()
    inviting.step_out(post, by=world._author(), at=world.now)
    return lambda who, grown: grown == post


def a_reader_asks(world: Acting) -> Grown:
    """Let in at once only where the door says so; what is shared opens with it."""
    name, post = world._one(READERS), world._post()
    said = Said(world.random.choice(list(Reason)), "zq")
    address = post.door_address if world.random.random() < 0.5 else None
    asking.ask(post.pk, said, by=Viewer(world.cast[name].pk), at=world.now, address=address)
    at_once = audiences.door_of(post).answer_to(said.reason) == Answer.AT_ONCE
    return lambda who, grown: at_once and who == name


def a_reader_withdraws(world: Acting) -> None:
    asking.withdraw(world._post().pk, by=world.cast[world._one(READERS)], at=world.now)


def somebody_lets_in(world: Acting) -> Grown:
    asked = AccessRequest.objects.order_by("?").first()
    if asked is None:
        raise NotWaiting
    by = world.cast[world._one(("rose", "rose", "tom", "nan"))]
    letting_in.let_in(asked, by=by, said="", at=world.now)
    ours = by in authors_of(asked.post)
    return lambda who, post: ours and who == world._name_of(asked.asker_id)


def somebody_declines(world: Acting) -> None:
    asked = AccessRequest.objects.order_by("?").first()
    if asked is not None:
        letting_in.decline(asked, by=world.cast[world._one()], at=world.now)


def an_author_lets_in_no_more(world: Acting) -> None:
    who = world.cast[world._one(READERS)]
    letting_in.end(world._post(), who.pk, by=world._author(), at=world.now)


def an_author_keeps_out(world: Acting) -> None:
    who, keeper = world.cast[world._one(READERS)], world._author()
    if world.random.random() < 0.5:
        keeping_out.keep_out(keeper, who, at=world.now)
    else:
        keeping_out.keep_out_address(keeper, who.email.upper(), at=world.now)


def an_author_lets_go(world: Acting) -> None:
    """It lets nobody in: what was ended stays so."""
    kept = KeptOut.objects.order_by("?").first()
    if kept is not None:
        keeping_out.let_go(kept.keeper, kept.pk)


def an_author_makes_a_link(world: Acting) -> None:
    terms = Terms("Gran", with_photographs=world.random.random() < 0.6, good_for=timedelta(days=20))
    links.make(world._post(), terms, by=world._author(), at=world.now)


def an_author_agrees_to_a_link(world: Acting) -> Grown:
    """It may complete the yeses of a link that was opened while it was good."""
    link = world._link()
    links.say_yes(link, by=world._author(), at=world.now)
    opened = set(link.devices.values_list("session_id", flat=True))
    return lambda who, post: post == link.post and VISITS.get(who) in opened


def a_link_is_opened(world: Acting) -> Grown:
    link, who = world._link(), world.random.choice(list(VISITS))
    good = links.good(world.now).filter(pk=link.pk).exists()
    opening.open_in(VISITS[who], link, device="A phone", at=world.now)
    return lambda name, post: good and name == who and post == link.post


def a_device_is_answered(world: Acting) -> Grown:
    link, by = world._link(), world._author()
    waiting = LinkDevice.objects.filter(link=link, allowed_at=None).first()
    if waiting is None:
        raise NotOpen
    allow = world.random.random() < 0.6
    opening.answer(link, waiting.pk, allow=allow, by=by, at=world.now)
    return lambda who, post: (
        allow and by == link.maker and VISITS.get(who) == waiting.session_id and post == link.post
    )


def an_author_ends_a_link(world: Acting) -> None:
    links.end(world._link(), by=world._author(), at=world.now)


def a_reader_looks_or_folds(world: Acting) -> None:
    who = world.random.choice(list(VISITS))
    viewer = Viewer(None if who is None else world.cast[who].pk, VISITS[who])
    if world.random.random() < 0.7:
        remember = world.random.random() < 0.3
        consents.give(viewer, world._post().pk, remember=remember, at=world.now)
    else:
        consents.fold_post(viewer, world._post().pk)


ACTS = [
    thing
    for name, thing in list(globals().items())
    if getattr(thing, "__module__", "") == __name__
    and name.startswith(("a_", "an_", "into_", "out_", "somebody_", "time_"))
]
# What comes of others needs them to happen more often.
OFTEN = ACTS + 3 * [
    a_reader_asks,
    a_reader_asks,
    somebody_lets_in,
    an_author_proposes,
    an_author_agrees,
    an_author_agrees,
    an_author_chooses_anew,
    an_author_opens_again,
    an_author_makes_a_link,
    an_author_agrees_to_a_link,
    a_link_is_opened,
    a_link_is_opened,
    a_device_is_answered,
    a_reader_looks_or_folds,
]
