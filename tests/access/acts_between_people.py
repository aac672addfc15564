"""What time does, and what people do with one another's accounts: blocks, circles, follows, consents, delegations."""

from __future__ import annotations

from datetime import timedelta

from beside.access import consents
from beside.access.door import requests
from beside.access.policy import Viewer
from beside.people import blocks, circles, follows
from beside.photos import hidden
from beside.posts import approvals, share_links
from beside.posts.models import Post
from tests.access import plain
from tests.access.acts import Meant, NothingToDo, act
from tests.access.acts_at_doors import LAPSES_AFTER
from tests.access.acts_of_coauthors import ANSWER_WITHIN
from tests.access.facts import Fact
from tests.access.scenario import LINK_LASTS, NEAR, READERS, SESSIONS, Scenario

DAYS = (1, 8, 15, 31)


@act(weight=4)
def time_passes(scenario: Scenario) -> Meant:
    """And the worker hasn't put away yet what is over. A visit's consents last half an hour."""
    waits = any(fact[4] == "asks to act" for fact in scenario.find("helps"))
    scenario.now += timedelta(days=61 if waits and scenario.likely(0.6) else scenario.one(DAYS))
    return Meant(ends=scenario.find("consents"))


def _is_anything_over(scenario: Scenario) -> bool:
    since = [one.asked_at + ANSWER_WITHIN for one in scenario.questions.values()]
    since += [one.made_at + LINK_LASTS for one in scenario.links]
    since += [asked_at + LAPSES_AFTER for asked_at in scenario.asked_at.values()]
    return any(over <= scenario.now for over in since)


@act(weight=2, needs=_is_anything_over)
def the_worker_puts_away_what_is_over(scenario: Scenario) -> Meant:
    approvals.run_due(scenario.now)
    requests.lapse(scenario.now)
    share_links.lapse(at=scenario.now)
    adds: set[Fact] = set()
    ends: set[Fact] = set()
    for number, link in enumerate(scenario.links):
        if link.made_at + LINK_LASTS <= scenario.now and not scenario.find("ended", number):
            adds.add(("ended", number))
            ends |= scenario.find("opened", number) | scenario.find("waits", number)
    for (post, who), asked_at in scenario.asked_at.items():
        waits = scenario.find("asks", post, who, "waiting")
        if waits and asked_at + LAPSES_AFTER <= scenario.now:
            adds.add(("asks", post, who, "lapsed"))
            ends |= waits
    return Meant(adds, ends, tells=_tells_of_questions(scenario))


def _tells_of_questions(scenario: Scenario) -> set[Fact]:
    tells: set[Fact] = set()
    for post, question in list(scenario.questions.items()):
        if question.asked_at + ANSWER_WITHIN <= scenario.now:
            del scenario.questions[post]
            proposer = scenario.called[question.row.requester_id]
            if proposer in scenario.authors(post):
                tells.add((proposer, "a question has lapsed", post))
    return tells


def _two_with_a_tie(scenario: Scenario) -> tuple[str, str]:
    """Most often two people with something between them that a block ends."""
    ties = {("rose", fact[2]) for fact in scenario.find("member")}
    ties |= {(fact[1], fact[2]) for fact in scenario.find("helps") | scenario.find("follows")}
    if not ties or not scenario.likely(0.7):
        return scenario.pair()
    one, other = scenario.one(sorted(ties))
    return (one, other) if scenario.likely(0.5) else (other, one)


@act(weight=4)
def somebody_blocks(scenario: Scenario) -> Meant:
    """Ends what is between the two: membership of each other's circles, following, delegations."""
    one, other = _two_with_a_tie(scenario)
    blocks.block(scenario.acts(one), scenario.cast[other], at=scenario.now)
    both = {one, other}
    ends = {fact for fact in scenario.find("member") if {"rose", fact[2]} == both}
    ends |= {fact for fact in scenario.find("helps") if {fact[1], fact[2]} == both}
    ends |= {fact for fact in scenario.find("follows") if {fact[1], fact[2]} == both}
    block = ("blocks", one, other)
    records = set() if block in scenario.facts else {("blocked", other, one)}
    return Meant({block}, ends, records=records)


@act(weight=2, needs=lambda scenario: scenario.find("blocks"))
def somebody_unblocks(scenario: Scenario) -> Meant:
    """Only one's own block ends."""
    fact = scenario.find_one("blocks")
    assert fact is not None
    one, other = fact[1:] if scenario.likely(0.6) else (fact[2], fact[1])
    blocks.unblock(scenario.acts(one), scenario.cast[other].pk)
    return Meant(ends={("blocks", one, other)}, may_grow=lambda who, post: who in (one, other))


@act(weight=4)
def somebody_asks_to_follow(scenario: Scenario) -> Meant:
    one, other = scenario.pair()
    follows.ask(scenario.acts(one), scenario.cast[other], at=scenario.now)
    if scenario.is_apart(one, other) or scenario.find("follows", one, other):
        return Meant()
    tells = {(other, "asks to follow you", one)}
    return Meant({("follows", one, other, "requested")}, tells=tells)


@act(weight=3, needs=lambda scenario: scenario.find("follows"))
def a_follower_is_answered(scenario: Scenario) -> Meant:
    """A no is told to nobody, and a yes can follow it. Neither shows anything."""
    fact = scenario.find_one("follows")
    assert fact is not None
    _, one, other, state = fact
    by, accept = scenario.acts(other), scenario.likely(0.6)
    answer = follows.accept if accept else follows.decline
    answer(by, scenario.cast[one].pk, at=scenario.now)
    if accept and state != "accepted":
        tells = {(one, "you may follow", other)}
        return Meant({("follows", one, other, "accepted")}, {fact}, tells=tells)
    if not accept and state == "requested":
        return Meant({("follows", one, other, "declined")}, {fact})
    return Meant()


@act(weight=1, needs=lambda scenario: scenario.find("follows"))
def a_follower_is_removed(scenario: Scenario) -> Meant:
    fact = scenario.find_one("follows")
    assert fact is not None
    _, one, other, state = fact
    follows.remove(scenario.acts(other), scenario.cast[one].pk, at=scenario.now)
    if state != "accepted":
        return Meant()
    records = {("follower removed", other, one)}
    return Meant({("follows", one, other, "declined")}, {fact}, records=records)


@act(weight=5)
def into_the_circle(scenario: Scenario) -> Meant:
    every = (*READERS, "tom")
    new = [who for who in every if not scenario.find("member", "family", who)]
    apart = [who for who in every if scenario.is_apart("rose", who)]
    chosen = apart if apart and scenario.likely(0.4) else new if scenario.likely(0.8) else every
    who, from_now_on = scenario.one(chosen), scenario.likely(0.5)
    scenario.by = "rose"
    circles.add(scenario.circle, scenario.cast[who], at=scenario.now, from_now_on=from_now_on)
    if scenario.is_apart("rose", who) or scenario.find("member", "family", who):
        return Meant()
    rows = [Post.objects.get(pk=post.pk) for post in scenario.posts]
    at = [row.published_at for row in rows]
    now = scenario.now
    return Meant(
        {("member", "family", who, from_now_on)},
        may_grow=lambda grown, post: grown == who and (not from_now_on or at[post] >= now),
    )


@act(weight=4, needs=lambda scenario: scenario.find("member"))
def the_past_is_closed_or_opened(scenario: Scenario) -> Meant:
    """Whether the circle counts for a member in posts published before they came."""
    inside = scenario.find_one("member", "family")
    assert inside is not None
    who, later = inside[2], scenario.likely(0.6)
    scenario.by = "rose"
    if later:
        circles.hide_earlier_letters(scenario.circle, scenario.cast[who].pk, at=scenario.now)
    else:
        circles.show_earlier_letters(scenario.circle, scenario.cast[who].pk)
    return Meant(
        {("member", "family", who, later)},
        {inside},
        lambda grown, post: grown == who and not later,
        records={("earlier letters shut", who, "family")} if later and not inside[3] else set(),
    )


@act(weight=2)
def out_of_the_circle(scenario: Scenario) -> Meant:
    inside = scenario.find_one("member", "family", chance=0.8)
    who = inside[2] if inside else scenario.one(READERS)
    scenario.by = "rose"
    circles.remove_member(scenario.circle, scenario.cast[who].pk, at=scenario.now)
    ends = scenario.find("member", "family", who)
    return Meant(ends=ends, records={("removed from a circle", who, "family")} if ends else set())


def _viewer(scenario: Scenario, *kinds: str) -> tuple[str | None, Viewer]:
    """Somebody in a session, more often one who has given such a consent, or without kinds one who could give some."""
    looking = {one.session for one, met in scenario.met.items() if plain.VEIL in met.values()}
    given = {fact[1] for kind in kinds for fact in scenario.find(kind)}
    every = [
        who
        for who, session in SESSIONS.items()
        if ({who, session} & given if kinds else session in looking)
    ]
    who = scenario.one(every if every and scenario.likely(0.7) else list(SESSIONS))
    scenario.by = str(who)
    account = None if who is None else scenario.cast[who].pk
    return who, Viewer(account, SESSIONS[who])


@act(weight=5)
def a_reader_consents(scenario: Scenario) -> Meant:
    """Opens the photographs of one post to one session, or to one account until they are veiled again.

    Authors choose too: the rule opens theirs anyway, but the page of their letter waits for it.
    """
    who, viewer = _viewer(scenario)
    post = scenario.a_post()
    veiled = [key for key, sight in scenario.met[viewer].items() if sight == plain.VEIL]
    if veiled and scenario.likely(0.8):
        post = scenario.one(sorted(scenario.called[key] for key in veiled))
    remember = scenario.likely(0.5)
    consents.give(viewer, scenario.posts[post].pk, remember=remember, at=scenario.now)
    sight = scenario.met[viewer].get(scenario.posts[post].pk, 0)
    scenario.must(sight >= plain.VEIL)
    if sight > plain.VEIL and who not in scenario.authors(post):
        return Meant()
    kind, whose = ("remembers", who) if remember and who else ("consents", viewer.session)
    photos = {one[2] for one in scenario.find("placed", post)}
    ready = {one for one in photos if ("photo", one, "ready") in scenario.facts}
    return Meant({(kind, whose, one) for one in ready})


@act(weight=5, needs=lambda s: s.find("consents") or s.find("remembers"))
def a_reader_veils_again(scenario: Scenario) -> Meant:
    who, viewer = _viewer(scenario, "consents", "remembers")
    given = scenario.find("consents", viewer.session)
    if scenario.likely(0.2):
        consents.step_away(viewer)
        return Meant(ends=given)
    if who is not None:
        given |= scenario.find("remembers", who)
    photos = {one[2] for one in given}
    if scenario.likely(0.6):
        post = scenario.a_post()
        lying = sorted(one[1] for one in scenario.find("placed") if one[2] in photos)
        if lying and scenario.likely(0.8):
            post = scenario.one(lying)
        consents.fold_post(viewer, scenario.posts[post].pk)
        photos = {one[2] for one in scenario.find("placed", post)}
    else:
        photo = scenario.one(scenario.photos)
        consents.fold_photo(viewer, photo.pk)
        photos = {scenario.called[photo.pk]}
        if not any(one[2] in photos for one in scenario.find("placed")):
            raise NothingToDo
    return Meant(ends={one for one in given if one[2] in photos})


@act(weight=3)
def a_holder_hides_a_photograph(scenario: Scenario) -> Meant:
    """From themselves, and from nobody else."""
    return _hides(scenario, hides=True)


@act(weight=3)
def a_holder_shows_it_again(scenario: Scenario) -> Meant:
    return _hides(scenario, hides=False)


def _hides(scenario: Scenario, *, hides: bool) -> Meant:
    """Only of photographs that lie in a post: the facts are read from these."""
    name = scenario.one(sorted({one[2] for one in scenario.find("placed")}))
    holders = sorted({one[1] for one in scenario.find("holds") if one[2] == name})
    who = scenario.one(holders if holders and scenario.likely(0.6) else NEAR)
    photo = next(one for one in scenario.photos if scenario.called[one.pk] == name)
    if hides:
        hidden.hold(photo, account=scenario.acts(who), at=scenario.now)
    else:
        hidden.release(photo, account=scenario.acts(who))
    scenario.must(("holds", who, name) in scenario.facts)
    fact: Fact = ("hidden from", who, name)
    if not hides:
        return Meant(ends={fact})
    records = set() if fact in scenario.facts else {("hidden", who, name)}
    return Meant({fact}, records=records)
