"""What time does, and what people do with each other and for one another, and what each of these means."""

from __future__ import annotations

from datetime import timedelta

from beside.access import consents
from beside.access.door import requests
from beside.access.policy import Viewer
from beside.archive import steward
from beside.people import blocks, circles, delegations
from beside.people.models import Delegation
from beside.posts import approvals, share_links
from beside.posts.models import Post
from tests.access.acts_at_doors import WAITS
from tests.access.acts_on_letters import closed, hidden
from tests.access.facts import Fact
from tests.access.stage import LINK_LASTS, NEAR, READERS, VISITS, Meant, NothingToDo, Stage

DAYS = (0, 0, 1, 8, 15, 31)
TERM = timedelta(days=60)


def time_goes_on(stage: Stage) -> None:
    """And nobody has come by yet to put away what is over."""
    waits = any(fact[4] == "asks to act" for fact in stage.told("does"))
    stage.now += timedelta(days=61 if waits and stage.likely(0.6) else stage.one(DAYS))


def the_server_puts_away_what_is_over(stage: Stage) -> Meant:
    approvals.run_due(stage.now)
    requests.lapse(stage.now)
    share_links.lapse(at=stage.now)
    late = timedelta(days=14)
    over = [post for post, one in stage.questions.items() if one.asked_at + late <= stage.now]
    for post in over:
        del stage.questions[post]
    adds: set[Fact] = set()
    ends: set[Fact] = set()
    for number, link in enumerate(stage.links):
        if link.made_at + LINK_LASTS <= stage.now and not stage.told("ended", number):
            adds.add(("ended", number))
            ends |= stage.told("opened", number) | stage.told("waits", number)
    for (post, who), asked_at in stage.asked_at.items():
        waits = stage.told("asks", post, who, "waiting")
        if waits and asked_at + WAITS <= stage.now:
            adds.add(("asks", post, who, "lapsed"))
            ends |= waits
    return Meant(adds, ends)


def somebody_blocks(stage: Stage) -> Meant:
    if stage.likely(0.4):
        raise NothingToDo
    one, other = stage.random.sample(NEAR, 2)
    blocks.block(stage.acts(one), stage.cast[other], at=stage.now)
    both = {one, other}
    ends = {fact for fact in stage.told("in") if {"rose", fact[2]} == both}
    ends |= {fact for fact in stage.told("does") if {fact[1], fact[2]} == both}
    return Meant({("blocks", one, other)}, ends)


def somebody_unblocks(stage: Stage) -> Meant:
    """Only one's own block ends."""
    there = stage.one_told("blocks", chance=0.8)
    one, other = there[1:] if there else stage.random.sample(NEAR, 2)
    if there and stage.likely(0.4):
        one, other = other, one
    blocks.unblock(stage.acts(one), stage.cast[other].pk)
    return Meant(ends={("blocks", one, other)}, may_grow=lambda who, post: who in (one, other))


def into_the_circle(stage: Stage) -> Meant:
    who, from_now_on = stage.one((*READERS, "tom")), stage.likely(0.5)
    circles.add(stage.circle, stage.cast[who], at=stage.now, from_now_on=from_now_on)
    if stage.is_apart("rose", who) or stage.told("in", "family", who):
        return Meant()
    rows = [Post.objects.get(pk=post.pk) for post in stage.posts]
    at = [row.published_at for row in rows]
    return Meant(
        {("in", "family", who, from_now_on)},
        may_grow=lambda grown, post: grown == who and (not from_now_on or at[post] >= stage.now),
    )


def in_the_circle_from_now_on_or_not(stage: Stage) -> Meant:
    inside = stage.one_told("in", "family")
    if inside is None:
        raise NothingToDo
    who, later = inside[2], stage.likely(0.6)
    if later:
        circles.shut_the_past(stage.circle, stage.cast[who].pk, at=stage.now)
    else:
        circles.open_the_past(stage.circle, stage.cast[who].pk)
    may_grow = lambda grown, post: grown == who and not later  # noqa: E731
    return Meant({("in", "family", who, later)}, {inside}, may_grow)


def out_of_the_circle(stage: Stage) -> Meant:
    inside = stage.one_told("in", "family")
    who = inside[2] if inside else stage.one(READERS)
    circles.take_out(stage.circle, stage.cast[who].pk, at=stage.now)
    return Meant(ends=stage.told("in", "family", who))


def a_reader_looks_or_folds(stage: Stage) -> None:
    who = stage.one(list(VISITS))
    viewer = Viewer(None if who is None else stage.cast[who].pk, VISITS[who])
    post = stage.posts[stage.a_letter()].pk
    if stage.likely(0.7):
        consents.give(viewer, post, remember=stage.likely(0.3), at=stage.now)
    else:
        consents.fold_post(viewer, post)


def somebody_offers_to_be_helped(stage: Stage) -> Meant:
    one, other = stage.one(("rose", "tom")), stage.one(NEAR)
    role = stage.one((Delegation.Role.SCREENER, Delegation.Role.STEWARD))
    delegations.offer(stage.acts(one), stage.cast[other], role, said="", at=stage.now)
    there = stage.told("does", other, one, str(role))
    if there or one == other or stage.is_apart(one, other):
        return Meant()
    return Meant({("does", other, one, str(role), "offered")})


def _help(stage: Stage, *like: str) -> tuple[Fact, Delegation]:
    """Mostly one that ends like this."""
    every = sorted(stage.told("does"))
    fit = [fact for fact in every if fact[5 - len(like) :] == like]
    if not fit and stage.likely(0.8):
        raise NothingToDo
    fact = stage.one(fit if fit and stage.likely(0.9) else every)
    between = {"delegate": stage.cast[fact[1]], "author": stage.cast[fact[2]]}
    return fact, Delegation.objects.get(role=fact[3], ended_at=None, **between)


def somebody_signs(stage: Stage) -> Meant:
    fact, row = _help(stage, "offered")
    delegations.sign(row.pk, by=stage.acts(_mostly(stage, fact[1])), at=stage.now)
    stage.must(stage.by == fact[1])
    if fact[4] != "offered":
        return Meant()
    return Meant({(*fact[:4], "signed")}, {fact})


def _mostly(stage: Stage, name: str) -> str:
    return name if stage.likely(0.85) else stage.one(NEAR)


def somebody_ends_the_help(stage: Stage) -> Meant:
    if stage.likely(0.5):
        raise NothingToDo
    fact, row = _help(stage)
    delegations.end(row.pk, by=stage.acts(_mostly(stage, stage.one(fact[1:3]))), at=stage.now)
    stage.must(stage.by in fact[1:3])
    return Meant(ends={fact})


def somebody_for_after_asks_to_act(stage: Stage) -> Meant:
    fact, row = _help(stage, "steward", "signed")
    if not delegations.ask_to_act(row.pk, by=stage.acts(_mostly(stage, fact[1])), at=stage.now):
        return Meant()
    stage.must(stage.by == fact[1] and fact[3:] == ("steward", "signed"))
    stage.acts_from[fact[1], fact[2]] = stage.now + TERM
    return Meant({(*fact[:4], "asks to act")}, {fact})


def an_author_says_no_to_that(stage: Stage) -> Meant:
    if stage.likely(0.6):
        raise NothingToDo
    fact, row = _help(stage, "asks to act")
    delegations.stop_asking(row.pk, by=stage.acts(_mostly(stage, fact[2])))
    stage.must(stage.by in fact[1:3])
    if fact[4] != "asks to act":
        return Meant()
    return Meant({(*fact[:4], "signed")}, {fact})


def somebody_for_after_acts(stage: Stage) -> Meant:
    """After the term, and while nobody said no: every letter of the author's, those written with others too."""
    fact, row = _help(stage, "asks to act")
    if stage.acts_from.get((fact[1], fact[2]), stage.now) > stage.now and stage.likely(0.7):
        raise NothingToDo
    by = stage.acts(_mostly(stage, fact[1]))
    closes = stage.likely(0.5)
    act = steward.close_everything if closes else steward.show_only_us
    act(row.pk, by=by, at=stage.now)
    stage.must(stage.by == fact[1] and fact[3:] == ("steward", "asks to act"))
    stage.must(stage.acts_from[fact[1], fact[2]] <= stage.now)
    theirs = sorted(stage.letters_of(fact[2]))
    if closes:
        return closed(stage, theirs)
    states = ("published", "closed")
    shown = [post for post in theirs if any(stage.told("state", post, one) for one in states)]
    return hidden(stage, shown)
