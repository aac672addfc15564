"""What one author does with a post, and what each of these acts means."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from unittest.mock import patch

from beside.posts import addenda, audiences, closing, editing, publishing
from beside.posts import taking_back as taking
from beside.posts.autosave import EditorPage
from beside.posts.models import Answer, Audience, Post, Reason
from beside.posts.reach import Chosen, Door, Reach
from beside.posts.text import text_of
from tests.access.acts import Grown, Meant, NothingToDo, act
from tests.access.facts import OF_AN_AUDIENCE, Fact, audience_of
from tests.access.scenario import READERS, Scenario

NARROWED, LINK_ENDED = "post narrowed", "link ended"


def only(post: int, *, where: bool = True) -> Grown:
    """Anybody may see more of this post, where the act may widen it at all."""
    return lambda who, grown: where and grown == post


def choose(scenario: Scenario, post: int) -> Chosen:
    """An audience for a post, often one a little wider or narrower than its own."""
    now = audiences.chosen(Post.objects.get(pk=scenario.posts[post].pk))
    if scenario.likely(0.3):
        return replace(now, veiled=not now.veiled)
    if scenario.likely(0.3):
        return replace(now, door=replace(now.door, is_shared=not now.door.is_shared))
    named = {"accounts": frozenset({scenario.cast[scenario.one(READERS)].pk})}
    if scenario.likely(0.5):
        named = {"circles": frozenset({scenario.circle.pk})}
    reaches = [
        Reach(),
        Reach(Audience.PEOPLE, **named),
        Reach(Audience.LET_IN, **named),
        Reach(Audience.LET_IN),
        Reach(Audience.ANYONE),
        Reach(Audience.ANYONE, signed_in=False),
    ]
    words = scenario.one(reaches[1:])
    photographs = scenario.one(reaches[: reaches.index(words) + 1])
    answers = {reason: scenario.one(Answer) for reason in Reason}
    door = Door(answers, is_shared=scenario.likely(0.6))
    return Chosen(words, photographs, veiled=scenario.likely(0.7), door=door)


def becomes(scenario: Scenario, post: int, want: Chosen) -> tuple[set[Fact], set[Fact]]:
    """The facts of a post's audience then, and those of now. Only a circle of an author's can be newly named."""
    now = {fact for kind in OF_AN_AUDIENCE for fact in scenario.find(kind, post)}
    then = audience_of(post, want, scenario.called)
    if "rose" not in scenario.authors(post):
        then -= {fact for fact in then - now if fact[0] == "named" and fact[3] == "family"}
    return then, now


def shown(scenario: Scenario, post: int) -> tuple[set[Fact], set[Fact]]:
    """What begins and ends when a post is published or reopened."""
    was = {("state", post, "draft"), ("state", post, "closed")}
    return {("state", post, "published")}, was


def told_of_publication(scenario: Scenario, post: int) -> set[Fact]:
    """The notices to the people named for the words, where no author and they have blocked each other, and they have muted none."""
    if not any(fact[3] in (1, 2) for fact in scenario.find("for", post, "words")):
        return set()
    named = {fact[3] for fact in scenario.find("named", post, "words")}
    if "family" in named:
        named |= {fact[2] for fact in scenario.find("member", "family")}
    ours = scenario.authors(post)
    return {
        (who, "something was written for you", post)
        for who in named - {"family"} - ours
        if not any(scenario.is_apart(who, author) for author in ours)
        and not any(scenario.find("mutes", who, author) for author in ours)
    }


@act(weight=4)
def an_author_chooses_an_audience(scenario: Scenario) -> Meant:
    """Where there are two authors, one alone may only narrow."""
    post = scenario.a_post()
    by, want = scenario.somebody_of(post), choose(scenario, post)
    audiences.change(scenario.row(post), want, by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    adds, ends = becomes(scenario, post, want)
    alone = len(scenario.authors(post)) == 1
    records = None if alone else {(NARROWED, post)}
    return Meant(adds, ends, only(post, where=alone), records=records)


@act(weight=2, needs=lambda scenario: Post.objects.exclude(narrowed_from=None).exists())
def an_author_puts_it_back(scenario: Scenario) -> Meant:
    """For whom it was before it was last narrowed. It widens, so one of two authors alone may not."""
    post = scenario.a_post()
    want = audiences.before_narrowing(Post.objects.get(pk=scenario.posts[post].pk))
    if want is None:
        raise NothingToDo
    audiences.change(scenario.row(post), want, by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.authors(post) == {scenario.by})
    adds, ends = becomes(scenario, post, want)
    return Meant(adds, ends, only(post))


@act(weight=2, narrows=True)
def an_author_shows_it_to_nobody(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    audiences.show_to_nobody(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    return shown_to_nobody(scenario, [post])


def shown_to_nobody(scenario: Scenario, posts: Iterable[int]) -> Meant:
    """These posts are for their authors only, and every link to them is ended."""
    adds: set[Fact] = set()
    ends: set[Fact] = set()
    records: set[Fact] = set()
    for post in posts:
        records.add((NARROWED, post))
        adds |= {("for", post, part, 0, True) for part in ("words", "photographs")}
        ends |= scenario.find("for", post) | scenario.find("named", post)
        for _, number, of, *_rest in scenario.find("link"):
            if of == post and not scenario.find("ended", number):
                records.add((LINK_ENDED, number))
                adds.add(("ended", number))
                ends |= scenario.find("opened", number) | scenario.find("waits", number)
    return Meant(adds, ends, records=records)


@act(weight=3, narrows=True)
def an_author_closes(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    closing.close(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    return closed(scenario, [post])


def closed(scenario: Scenario, posts: Iterable[int]) -> Meant:
    """Those of the posts that were published are closed."""
    open_ones = [post for post in posts if scenario.is_published(post)]
    return Meant(
        {("state", post, "closed") for post in open_ones},
        {("state", post, "published") for post in open_ones},
        records={(NARROWED, post) for post in open_ones},
    )


@act(weight=5, needs=lambda scenario: any(one[2] == "closed" for one in scenario.find("state")))
def an_author_reopens(scenario: Scenario) -> Meant:
    closed_ones = sorted(one[1] for one in scenario.find("state") if one[2] == "closed")
    post = scenario.one(closed_ones) if scenario.likely(0.8) else scenario.a_post()
    closing.reopen(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    if not scenario.find("state", post, "closed"):
        scenario.must(scenario.by in scenario.authors(post))
        return Meant()
    ended = {fact[1] for fact in scenario.find("ended")}
    has_reader = any(fact[2] == post and fact[1] not in ended for fact in scenario.find("link"))
    return _shown_alone(scenario, post, is_seen=has_reader)


def _shown_alone(
    scenario: Scenario, post: int, *, is_seen: bool, tells: Iterable[Fact] = ()
) -> Meant:
    """One author alone may only show what nobody else will see."""
    alone = scenario.authors(post) == {scenario.by}
    only_ours = ("for", post, "words", 0, True) in scenario.facts and not is_seen
    scenario.must(alone or (only_ours and scenario.by in scenario.authors(post)))
    looking = _moderators_looking_at(scenario, post)
    return Meant(
        *shown(scenario, post),
        lambda who, grown: grown == post and (alone or who in looking),
        tells=set(tells),
    )


def _moderators_looking_at(scenario: Scenario, post: int) -> set[str]:
    """Those whose look at it isn't over: it opens the words again with the letter."""
    return {
        scenario.called[look.moderator.id]
        for look in scenario.world.looks
        if scenario.called[look.post.id] == post and not look.is_over
    }


@act(weight=2, needs=lambda scenario: any(one[2] == "draft" for one in scenario.find("state")))
def an_author_publishes(scenario: Scenario) -> Meant:
    post = scenario.one(sorted(one[1] for one in scenario.find("state") if one[2] == "draft"))
    publishing.publish(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    tells = told_of_publication(scenario, post)
    return _shown_alone(scenario, post, is_seen=False, tells=tells)


@act(weight=1, narrows=True)
def an_author_takes_it_back(scenario: Scenario) -> Meant:
    """Ends consents, and has the photographs developed anew."""
    if scenario.likely(0.6):
        raise NothingToDo
    post = scenario.a_post()
    # Destroying keys has its own tests; these photographs have none.
    with patch.object(taking, "destroy"):
        taking.take_back(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    if scenario.find("state", post, "draft") or scenario.find("state", post, "taken back"):
        return Meant()
    scenario.invited.pop(post, None)
    photos = {fact[2] for fact in scenario.find("placed", post)}
    kinds = ("consents", "remembers", "photo")
    ends = {fact for kind in kinds for fact in scenario.find(kind) if photos & {*fact}}
    others = scenario.authors(post) - {scenario.by}
    return Meant(
        {("state", post, "taken back")} | {("photo", photo, "received") for photo in photos},
        ends | scenario.find("state", post),
        records={("post taken back", post)},
        tells={(who, "a co-author took it back", post) for who in others},
    )


@act(weight=2, needs=lambda scenario: any(one[2] != "draft" for one in scenario.find("state")))
def an_author_edits(scenario: Scenario) -> Meant:
    """Any author may, alone; only unveiling the photographs needs all."""
    post = scenario.a_post()
    if scenario.find("state", post, "draft"):
        raise NothingToDo
    row = Post.objects.get(pk=scenario.posts[post].pk)
    is_veiled = scenario.likely(0.5)
    said = text_of(row).changed(words=f"zq {row.version}", veiled=is_veiled)
    page = EditorPage(uuid.uuid4(), row.version)
    editing.edit(row, said, by=scenario.somebody_of(post), page=page, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    (text,) = scenario.find("text", post)
    veil: set[Fact] = {("veiled", post)}
    adds: set[Fact] = {("text", post, said["words"], *text[3:])}
    alone = only(post, where=scenario.authors(post) == {scenario.by})
    if not is_veiled:
        return Meant(adds, {text} | veil, alone)
    records = set() if veil <= scenario.facts else {(NARROWED, post)}
    return Meant(adds | veil, {text}, alone, records=records)


@act(weight=2)
def an_author_adds_something(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    (text,) = scenario.find("text", post)
    words = f"zq {text[4]}"
    addenda.add(scenario.row(post), words, by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    return Meant({(*text[:4], text[4] + 1)}, {text})
