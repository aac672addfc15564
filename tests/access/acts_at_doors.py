"""What people do at doors: access requests, admissions and bans, and what each of these acts means."""

from __future__ import annotations

from datetime import timedelta

from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Ban
from beside.access.policy import Viewer
from beside.posts import audiences
from beside.posts.models import Answer, Audience, Post, Reason
from tests.access import plain
from tests.access.acts import Meant, act
from tests.access.facts import Fact
from tests.access.scenario import NEAR, READERS, SESSIONS, Scenario

LAPSES_AFTER = timedelta(days=30)
ADMISSION_ENDED = "admission ended"


@act(weight=9)
def a_reader_asks(scenario: Scenario) -> Meant:
    """Admitted at once only where the door says so, and nobody has said no to them."""
    post, who = _reader_and_post(scenario)
    row = Post.objects.get(pk=scenario.posts[post].pk)
    said = RequestText(_a_reason(scenario, row), "zq")
    has_address = scenario.likely(0.5)
    at_once = requests.ask(
        row.pk,
        said,
        by=Viewer(scenario.acts(who).pk, SESSIONS.get(who)),
        at=scenario.now,
        address=row.door_address if has_address else None,
    )
    _must_stand_at(scenario, post, who, has_address=has_address)
    waits = ("asks", post, who, "waiting")
    if waits in scenario.facts and scenario.asked_at[post, who] + LAPSES_AFTER > scenario.now:
        scenario.must(not at_once)
        return Meant()  # Asking again while a request waits changes nothing.
    is_barred = scenario.is_banned(post, who) or (post, who) in scenario.declined
    answer = audiences.door_of(row).answer_to(said.reason)
    if at_once:
        scenario.must(answer == Answer.AT_ONCE and not is_barred)
        return _admits(scenario, post, who)
    scenario.asked_at[post, who] = scenario.now
    if is_barred or answer != Answer.AFTER_A_YES:
        scenario.declined.add((post, who))
        return Meant({("asks", post, who, "declined")}, scenario.find("asks", post, who))
    tells = {(one, "somebody asks to be let in", post) for one in scenario.deciders(post) - {who}}
    return Meant({waits}, scenario.find("asks", post, who), tells=tells)


def _reader_and_post(scenario: Scenario) -> tuple[int, str]:
    """Most often somebody who stands at a door, and half of the time somebody who was declined or banned there.

    Somebody who is banned and was never declined there is taken first: at any other door a ban changes nothing.
    """
    stand_at = sorted(
        (scenario.called[key], scenario.called[viewer.account])
        for viewer, sights in scenario.met.items()
        for key, sight in sights.items()
        if sight == plain.DOOR and viewer.account is not None
    )
    if not stand_at or not scenario.likely(0.8):
        return scenario.a_post(), scenario.one((*READERS, "tom"))
    declined = [one for one in stand_at if one in scenario.declined]
    banned = [one for one in stand_at if scenario.is_banned(*one) and one not in scenario.declined]
    barred = banned if banned and scenario.likely(0.7) else declined
    return scenario.one(barred if barred and scenario.likely(0.5) else stand_at)


def _a_reason(scenario: Scenario, post: Post) -> Reason:
    """Most often one that the door doesn't answer with a no."""
    door = audiences.door_of(post)
    kind = [one for one in Reason if door.answer_to(one) != Answer.NOT]
    return scenario.one(kind if kind and scenario.likely(0.8) else list(Reason))


def _must_stand_at(scenario: Scenario, post: int, who: str, *, has_address: bool) -> None:
    scenario.must(scenario.is_published(post) and scenario.has_door(post))
    ours = scenario.authors(post)
    scenario.must(who not in ours and not any(scenario.is_apart(who, one) for one in ours))
    viewer = next(one for one in scenario.met if one.account == scenario.cast[who].pk)
    meets = scenario.met[viewer].get(scenario.posts[post].pk, 0)
    by_address = (
        has_address
        and not scenario.find("suspended", post)
        and ("for", post, "words", int(Audience.LET_IN), True) in scenario.facts
    )
    scenario.must(meets == plain.DOOR or (meets == plain.NOTHING and by_address))


def _admits(scenario: Scenario, post: int, who: str, *, tells: set[Fact] | None = None) -> Meant:
    opens = scenario.opens_with(post)
    there = ("admitted", post, who, scenario.shares(post), tuple(sorted(scenario.authors(post))))
    return Meant(
        set() if scenario.find("admitted", post, who) else {there},
        scenario.find("asks", post, who),
        lambda grown, of: grown == who and of in opens,
        tells=tells or set(),
    )


@act(weight=3, needs=lambda scenario: scenario.find("asks"))
def a_reader_withdraws(scenario: Scenario) -> Meant:
    """A declined request ends without a trace, so that nobody learns of the no."""
    asked = scenario.find_one("asks", chance=0.9)
    post, who = asked[1:3] if asked else (scenario.a_post(), scenario.one(READERS))
    requests.withdraw(scenario.posts[post].pk, by=scenario.acts(who), at=scenario.now)
    waits = scenario.find("asks", post, who, "waiting")
    if not waits or scenario.asked_at[post, who] + LAPSES_AFTER <= scenario.now:
        return Meant()
    return Meant({("asks", post, who, "withdrawn")}, waits)


def _waiting(scenario: Scenario) -> list[Fact]:
    return sorted(
        fact
        for fact in scenario.find("asks")
        if fact[3] == "waiting"
        and scenario.is_published(fact[1])
        and scenario.asked_at[fact[1:3]] + LAPSES_AFTER > scenario.now
    )


def _a_request(scenario: Scenario) -> AccessRequest:
    waiting = _waiting(scenario)
    fact = scenario.one(waiting if scenario.likely(0.8) else sorted(scenario.find("asks")))
    return AccessRequest.objects.get(post=scenario.posts[fact[1]], asker=scenario.cast[fact[2]])


def _a_decider(scenario: Scenario, post: int, who: str) -> str:
    if who in scenario.deciders(post) and scenario.likely(0.5):
        return who
    return scenario.one(sorted(scenario.authors(post)) if scenario.likely(0.6) else NEAR)


def _must_decide(scenario: Scenario, post: int, who: str) -> None:
    """An author or a screener, never whoever asks; and only about a request that still waits."""
    ours = scenario.authors(post)
    scenario.must(scenario.by in scenario.deciders(post) and scenario.by != who)
    scenario.must(bool(scenario.find("asks", post, who, "waiting")))
    scenario.must(scenario.asked_at[post, who] + LAPSES_AFTER > scenario.now)
    scenario.must(not scenario.is_banned(post, who) and scenario.is_published(post))
    scenario.must(scenario.has_door(post) and not any(scenario.is_apart(who, one) for one in ours))


@act(weight=12, needs=lambda scenario: scenario.find("asks"))
def somebody_admits(scenario: Scenario) -> Meant:
    asked = _a_request(scenario)
    post, who = scenario.called[asked.post_id], scenario.called[asked.asker_id]
    by = scenario.acts(_a_decider(scenario, post, who))
    admissions.let_in(asked, by=by, message="", at=scenario.now)
    _must_decide(scenario, post, who)
    return _admits(scenario, post, who, tells={(who, "you have been let in", post)})


@act(weight=8, needs=lambda scenario: scenario.find("asks"))
def somebody_declines(scenario: Scenario) -> Meant:
    asked = _a_request(scenario)
    post, who = scenario.called[asked.post_id], scenario.called[asked.asker_id]
    admissions.decline(asked, by=scenario.acts(_a_decider(scenario, post, who)), at=scenario.now)
    _must_decide(scenario, post, who)
    scenario.declined.add((post, who))
    return Meant({("asks", post, who, "declined")}, scenario.find("asks", post, who))


@act(weight=6, needs=lambda scenario: scenario.find("admitted"), narrows=True)
def an_author_ends_an_admission(scenario: Scenario) -> Meant:
    there = scenario.find_one("admitted", chance=0.9)
    post, who = there[1:3] if there else (scenario.a_post(), scenario.one(READERS))
    if scenario.likely(0.5):
        post = scenario.a_post()
    by = scenario.somebody_of(post)
    admissions.end(scenario.row(post), scenario.cast[who].pk, by=by, at=scenario.now)
    ours = scenario.authors(post)
    scenario.must(scenario.by in ours)
    everywhere = scenario.shares(post)
    reaching = {
        fact
        for fact in scenario.find("admitted")
        if fact[2] == who and (fact[1] == post or (everywhere and fact[3] and set(fact[4]) == ours))
    }
    meant = _ends(scenario, reaching)
    return Meant(
        meant.adds, meant.ends, records={(ADMISSION_ENDED, who, one[1]) for one in reaching}
    )


def _ends(scenario: Scenario, ended: set[Fact]) -> Meant:
    """At one's own doors the admission ends; at another's it covers that post alone from now on."""
    adds: set[Fact] = set()
    ends: set[Fact] = set(ended)
    records: set[Fact] = set()
    for _, post, who, _shared, by in ended:
        if scenario.by in scenario.authors(post):
            adds.add(("asks", post, who, "declined"))
            ends |= scenario.find("asks", post, who)
            records.add((ADMISSION_ENDED, who, post))
            scenario.declined.add((post, who))
        else:
            adds.add(("admitted", post, who, False, by))
    return Meant(adds, ends, records=records)


@act(weight=3, narrows=True)
def an_author_bans(scenario: Scenario) -> Meant:
    near = sorted({fact[2] for fact in scenario.find("admitted") | scenario.find("asks")})
    near = [who for who in near if who in READERS]
    who = scenario.one(near if near and scenario.likely(0.7) else READERS)
    keeper = scenario.acts(scenario.one(("rose", "rose", "tom")))
    account = scenario.cast[who]
    if by_name := scenario.likely(0.5):
        bans.ban(keeper, account, at=scenario.now)
    else:
        bans.ban_address(keeper, account.email.upper(), at=scenario.now)
    ours = scenario.posts_of(scenario.by)
    theirs = [fact for fact in scenario.find("admitted") if fact[2] == who]
    meant = _ends(scenario, {one for one in theirs if one[1] in ours or scenario.by in one[4]})
    waits = {one for post in ours for one in scenario.find("asks", post, who, "waiting")}
    scenario.declined |= {(post, who) for _, post, *_rest in waits}
    whom = who if by_name else account.email.lower()
    ban: Fact = ("bans", scenario.by, whom)
    logged: Fact = ("banned", who, scenario.by) if by_name else ("banned", whom, scenario.by)
    adds = {ban} | {("asks", post, who, "declined") for _, post, *_rest in waits}
    new = set() if ban in scenario.facts else {logged}
    return Meant(meant.adds | adds, meant.ends | waits, records=(meant.records or set()) | new)


@act(weight=3, needs=lambda scenario: scenario.find("bans"))
def an_author_lifts_a_ban(scenario: Scenario) -> Meant:
    """What the ban ended stays ended; an admission by another author counts again. Only one's own ban is lifted."""
    fact = scenario.find_one("bans")
    assert fact is not None
    whom = {"address": fact[2]} if "@" in fact[2] else {"account": scenario.cast[fact[2]]}
    ban = Ban.objects.get(author=scenario.cast[fact[1]], **whom)
    by = scenario.acts(fact[1] if scenario.likely(0.6) else scenario.one(("rose", "tom")))
    bans.lift(by, ban.pk)
    if scenario.by != fact[1]:
        return Meant()
    admitted = {one[2] for one in scenario.find("admitted")}
    logged = ("banned", fact[2], fact[1])
    return Meant(ends={fact}, may_grow=lambda who, post: who in admitted, forgets={logged})
