"""What people write back, what those who read first decide, and what each of these acts means."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from beside.access.policy import Viewer
from beside.moderation.models import Report
from beside.posts.models import Post
from beside.responses import choices, desk, inbox, queue, responses
from beside.responses.choices import Chosen
from beside.responses.models import ReadFirst, RespondedBy, Response
from beside.responses.responses import ResponseText
from tests.access.acts import Meant, NothingToDo, act
from tests.access.facts import Fact
from tests.access.scenario import NEAR, SESSIONS, Scenario
from tests.access.worlds import Looking
from tests.cast import NOW
from tests.responses import plain
from tests.responses.reading import world_of

NEW_FOR, WITHIN, NEW_PEOPLE = timedelta(days=2), timedelta(hours=1), 10
PASSED_ON, DECLINED, SEALED = "passed on", "declined", "sealed"
WAITS, ASKED = "waiting", "the authors are asked"
HAS_COME, ASKS = "a response was passed on", "is a response wanted"
TO_READ, PAUSED = "there is something to read first", "responses closed by themselves"
OFFERED, WAS_HERE = "responses would need your yes", "somebody was here"


class Before:
    """What the plain rules say before the act."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.world = world_of(scenario.world, at=scenario.now)
        self.people = {one.id: one for one in self.world.letters.people}
        self.posts = {one.id: one for one in self.world.letters.posts}
        self.responses = {one.id: one for one in self.world.responses}

    def person(self, name: str):
        return self.people[self.scenario.cast[name].pk]

    def post(self, number: int):
        return self.posts[self.scenario.posts[number].pk]

    def may_respond(self, name: str, post: int) -> bool:
        looking = Looking(self.person(name), SESSIONS.get(name))
        return plain.may_respond(self.world, looking, self.post(post))

    def to(self, to: int | str):
        """A post, or a person."""
        return self.person(to) if isinstance(to, str) else self.post(to)

    def readers_first(self, to: int | str, writer: str = "") -> set[str]:
        """Those who read first what this writer writes, or without one, what anybody does."""
        return {
            self.scenario.called[one.id]
            for one in plain.readers_first(self.world, self.to(to))
            if not one.is_suspended and not (writer and self._are_apart(one, writer))
        }

    def _are_apart(self, reader, writer: str) -> bool:
        return plain.letters.are_apart(self.world.letters, reader, self.person(writer))

    def screens(self, name: str, post: int) -> bool:
        theirs = plain.readers_first(self.world, self.post(post))
        return self.person(name) in theirs - self.post(post).authors or any(
            delegate is self.person(name) and author in self.post(post).authors
            for author, delegate in self.world.screening
            if not plain.letters.are_apart(self.world.letters, author, delegate)
        )

    def holds(self, rule, name: str, response: uuid.UUID) -> bool:
        return rule(self.world, self.person(name), self.responses[response])


def _level(scenario: Scenario, post: int, who: str) -> int:
    return next((fact[3] for fact in scenario.find("chooses", post, who)), 0)


@act(weight=4)
def an_author_chooses_about_responses(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    by = scenario.somebody_of(post)
    level, read = scenario.one((0, 1, 2, 3, 3, 3)), scenario.one((0, 1, 1))
    chosen = Chosen(RespondedBy(level), ReadFirst(read))
    choices.choose(scenario.row(post), chosen, by=by, at=scenario.now)
    who = scenario.by
    scenario.must(who in scenario.authors(post))
    before = _level(scenario, post, who)
    others = scenario.authors(post) - {who}
    lower = {one for one in others if _level(scenario, post, one) < level}
    tells = {(one, OFFERED, post) for one in lower} if level > before else set()
    records = [("responses narrowed", who, post, str(level))] if level < before else []
    adds = {("chooses", post, who, level, read)}
    return Meant(adds, scenario.find("chooses", post, who), tells=tells, records=records)


@act(weight=1, narrows=True)
def an_author_ends_responses(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    choices.end(scenario.row(post), by=scenario.somebody_of(post), at=scenario.now)
    who = scenario.by
    scenario.must(who in scenario.authors(post))
    said = scenario.find("chooses", post, who)
    adds = {("chooses", post, who, 0, fact[4]) for fact in said}
    return Meant(adds, said, records=[("responses narrowed", who, post, "0")])


@act(weight=1, needs=lambda scenario: scenario.find("paused"))
def an_author_opens_responses_again(scenario: Scenario) -> Meant:
    post = scenario.one(sorted(fact[1] for fact in scenario.find("paused")))
    choices.resume(scenario.row(post), by=scenario.somebody_of(post))
    scenario.must(scenario.by in scenario.authors(post))
    return Meant(ends=scenario.find("paused", post))


@act(weight=8)
def a_reader_responds(scenario: Scenario) -> Meant:
    return _respond(scenario, scenario.a_post())


@act(weight=1, needs=lambda scenario: scenario.now < NOW + NEW_FOR)
def somebody_responds_after_many(scenario: Scenario) -> Meant:
    """Nine came just before, from people who are new here, so that this one closes responses."""
    before = Before(scenario)
    taking = [
        number
        for number in range(len(scenario.posts))
        if any(before.may_respond(name, number) for name in NEAR)
    ]
    post = scenario.one(taking)
    adds: set[Fact] = set()
    for _ in range(NEW_PEOPLE - 1):
        number = _add_row(scenario, "ada", post, DECLINED)
        adds.add(("response", number, post, "ada", DECLINED))
    meant = _respond(scenario, post)
    return replace(meant, adds=meant.adds | adds)


def _add_row(scenario: Scenario, who: str, post: int, state: str) -> int:
    row = Response.objects.create(
        post=Post.objects.get(pk=scenario.posts[post].pk),
        writer=scenario.cast[who],
        words="" if state == DECLINED else "Words.",
        state=state,
        sent_at=scenario.now,
        waits_since=scenario.now,
    )
    scenario.add_response(row.pk)
    return scenario.called[row.pk]


def _respond(scenario: Scenario, post: int) -> Meant:
    before = Before(scenario)
    able = [name for name in (*NEAR, "marit") if before.may_respond(name, post)]
    who = scenario.one(able if able and scenario.likely(0.8) else (*NEAR, "max"))
    key, viewer = uuid.uuid4(), Viewer(scenario.cast[who].pk, SESSIONS.get(who))
    number = len(scenario.responses)
    text = ResponseText(f"What {number} says.", only_for_authors=scenario.likely(0.2))
    responses.send(
        key, scenario.posts[post].pk, text, by=scenario.acts(who), viewer=viewer, at=scenario.now
    )
    scenario.must(before.may_respond(who, post))
    scenario.add_response(key)
    if before.screens(who, post):
        tells = {(one, HAS_COME, post) for one in scenario.authors(post)}
        return Meant({("response", number, post, who, PASSED_ON), ("at once", number)}, tells=tells)
    readers = before.readers_first(post, who)
    tells = {(one, TO_READ, one) for one in readers}
    adds: set[Fact] = {("response", number, post, who, WAITS)}
    if _are_too_many(scenario, post):
        adds.add(("paused", post))
        tells |= {
            (one, PAUSED, post) for one in before.readers_first(post) | scenario.authors(post)
        }
    return Meant(adds, tells=tells)


def _are_too_many(scenario: Scenario, post: int) -> bool:
    """Everybody came here when the scenario began; ten of those who come within an hour are too many."""
    lately = Response.objects.filter(
        post=scenario.posts[post].pk, sent_at__gt=scenario.now - WITHIN
    ).values_list("writer__joined_at", flat=True)
    return sum(joined > scenario.now - NEW_FOR for joined in lately) >= NEW_PEOPLE


def recipients(scenario: Scenario, to: int | str) -> set[str]:
    """The authors of a post, or the one person."""
    return {to} if isinstance(to, str) else scenario.authors(to)


def _a_recipient(scenario: Scenario, to: int | str):
    """Most often one; whoever it is, they are who acts."""
    if isinstance(to, int):
        return scenario.somebody_of(to)
    return scenario.acts(to if scenario.likely(0.8) else scenario.one(NEAR))


def _are_there(scenario: Scenario) -> object:
    return scenario.find("response")


def _a_response(scenario: Scenario, state: str) -> Fact:
    """Most often one in this state."""
    every = sorted(scenario.find("response"))
    fit = [fact for fact in every if fact[4] == state]
    if not fit and scenario.likely(0.8):
        raise NothingToDo
    return scenario.one(fit if fit and scenario.likely(0.9) else every)


def _row(scenario: Scenario, number: int) -> uuid.UUID:
    return scenario.responses[number]


@act(weight=3, needs=_are_there)
def a_writer_takes_it_back(scenario: Scenario) -> Meant:
    fact = scenario.one(sorted(scenario.find("response")))
    number, writer = fact[1], fact[3]
    by = scenario.acts(writer if scenario.likely(0.7) else scenario.one(NEAR))
    responses.take_back(_row(scenario, number), by=by, at=scenario.now)
    if scenario.by != writer:
        return Meant()
    ends = {fact} | scenario.find("in hand", number) | scenario.find("shown", number)
    ends |= scenario.find("handed over", number) | scenario.find("at once", number)
    return Meant(ends=ends, records=[("response taken back", number)])


@act(weight=8, needs=_are_there)
def somebody_takes_the_next(scenario: Scenario) -> Meant:
    before = Before(scenario)
    able = [
        name
        for name in NEAR
        if any(before.holds(plain.waits_for, name, one) for one in before.responses)
    ]
    by = scenario.acts(scenario.one(able if able and scenario.likely(0.8) else NEAR))
    taken = queue.take_next(by, at=scenario.now)
    if taken is None:
        scenario.must(not _left_for(scenario, before))
        return Meant()
    number, who = scenario.called[taken.pk], scenario.by
    scenario.must(before.holds(plain.waits_for, who, taken.pk))
    held = scenario.find("in hand", number)
    others = [fact for fact in held if fact[2] != who]
    scenario.must(not others or scenario.in_hand_until[number] <= scenario.now)
    if not held or others:
        scenario.in_hand_until[number] = scenario.now + queue.IN_HAND
    return Meant({("in hand", number, who)}, set(others))


def _left_for(scenario: Scenario, before: Before) -> list[int]:
    """What waits for whoever acts and nobody else has in hand; nothing of their own on quiet days, or handed over."""
    who = scenario.by
    rests = before.person(who) in before.world.quiet
    return [
        scenario.called[one.id]
        for one in before.responses.values()
        if before.holds(plain.waits_for, who, one.id)
        and one.in_hand_of is None
        and not (rests and before.person(who) in one.post.authors)
        and not scenario.find("handed over", scenario.called[one.id], who)
    ]


@act(weight=12, needs=lambda scenario: scenario.find("in hand"))
def somebody_who_reads_first_decides(scenario: Scenario) -> Meant:
    held = scenario.one(sorted(scenario.find("in hand")))
    number, before = held[1], Before(scenario)
    (fact,) = scenario.find("response", number)
    by = scenario.acts(held[2] if scenario.likely(0.7) else _somebody_else(scenario, held, before))
    decide = scenario.one((_pass_on, _pass_on, _decline, _seal, _later, _ask, _hand_over))
    meant = decide(scenario, fact, by, before)
    scenario.must(scenario.by == held[2])
    scenario.must(before.holds(plain.waits_for, scenario.by, _row(scenario, number)))
    return replace(meant, ends=meant.ends | {held})


def _somebody_else(scenario: Scenario, held: Fact, before: Before) -> str:
    """Most often somebody who could have it in hand too."""
    number = _row(scenario, held[1])
    able = [one for one in NEAR if one != held[2] and before.holds(plain.waits_for, one, number)]
    return scenario.one(able or NEAR)


def _becomes(fact: Fact, state: str) -> tuple[set[Fact], set[Fact]]:
    return {(*fact[:4], state)}, {fact}


def _pass_on(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.pass_on(_row(scenario, fact[1]), by=by, at=scenario.now)
    tells = {(one, HAS_COME, fact[2]) for one in recipients(scenario, fact[2])}
    return Meant(*_becomes(fact, PASSED_ON), tells=tells)


def _decline(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.decline(_row(scenario, fact[1]), by=by, at=scenario.now)
    return Meant(*_becomes(fact, DECLINED))


def _seal(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.seal(_row(scenario, fact[1]), by=by, at=scenario.now)
    return Meant(*_becomes(fact, SEALED))


def _later(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.decide_later(_row(scenario, fact[1]), by=by, at=scenario.now)
    return Meant(ends=set())


def _ask(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.ask_authors(_row(scenario, fact[1]), "May I?", by=by, at=scenario.now)
    tells = {(one, ASKS, fact[2]) for one in recipients(scenario, fact[2])}
    return Meant(*_becomes(fact, ASKED), tells=tells)


def _hand_over(scenario: Scenario, fact: Fact, by, before: Before) -> Meant:
    desk.hand_over(_row(scenario, fact[1]), by=by, at=scenario.now)
    others = before.readers_first(fact[2], fact[3]) - {scenario.by}
    scenario.must(bool(others))
    tells = {(one, TO_READ, one) for one in others}
    was = scenario.find("handed over", fact[1])
    return Meant({("handed over", fact[1], scenario.by)}, was, tells=tells)


@act(weight=6, needs=lambda scenario: any(one[4] == ASKED for one in scenario.find("response")))
def an_author_answers_whether_it_is_wanted(scenario: Scenario) -> Meant:
    fact, before = _a_response(scenario, ASKED), Before(scenario)
    by = _a_recipient(scenario, fact[2])
    wants = scenario.one((True, False, None))
    desk.answer(_row(scenario, fact[1]), by=by, wants=wants, at=scenario.now)
    scenario.must(before.holds(plain.is_asked_about, scenario.by, _row(scenario, fact[1])))
    if wants is None:
        tells = {(one, TO_READ, one) for one in before.readers_first(fact[2], fact[3])}
        return Meant(*_becomes(fact, WAITS), tells=tells)
    if not wants:
        return Meant(*_becomes(fact, DECLINED))
    tells = {(one, HAS_COME, fact[2]) for one in recipients(scenario, fact[2])}
    return Meant(*_becomes(fact, PASSED_ON), tells=tells)


@act(weight=5, needs=_are_there)
def an_author_shows_a_response(scenario: Scenario) -> Meant:
    fact, before = _a_response(scenario, PASSED_ON), Before(scenario)
    by = _a_recipient(scenario, fact[2])
    inbox.show(_row(scenario, fact[1]), by=by, at=scenario.now)
    response = before.responses[_row(scenario, fact[1])]
    scenario.must(before.holds(plain.is_passed_on_to, scenario.by, response.id))
    scenario.must(not response.is_only_for_authors and response.recipient is None)
    return Meant({("shown", fact[1])})


@act(weight=3, needs=lambda scenario: scenario.find("shown"))
def an_author_stops_showing_a_response(scenario: Scenario) -> Meant:
    shown = scenario.one(sorted(scenario.find("shown")))
    (fact,) = scenario.find("response", shown[1])
    by = scenario.somebody_of(fact[2])
    inbox.stop_showing(_row(scenario, fact[1]), by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(fact[2]))
    return Meant(ends={shown}, records=[("response hidden", fact[1])])


@act(weight=3)
def a_reader_was_here(scenario: Scenario) -> Meant:
    post, before = scenario.a_post(), Before(scenario)
    who = scenario.one((*NEAR, "max"))
    viewer = Viewer(scenario.cast[who].pk, SESSIONS.get(who))
    key = scenario.posts[post].pk
    responses.be_present(key, by=scenario.acts(who), viewer=viewer, at=scenario.now)
    scenario.must(before.may_respond(who, post))
    if scenario.find("was here", post, who):
        return Meant()
    tells = {(one, WAS_HERE, post) for one in scenario.authors(post)}
    return Meant({("was here", post, who)}, tells=tells)


def give_up(scenario: Scenario, who: str) -> set[Fact]:
    """The facts about responses that end when somebody closes their account."""
    theirs = {fact for fact in scenario.find("response") if fact[3] == who}
    numbers = {fact[1] for fact in theirs}
    about = {
        fact
        for kind in ("in hand", "shown", "handed over", "at once")
        for fact in scenario.find(kind)
        if fact[1] in numbers
    }
    mine = {fact for kind in ("chooses", "was here", "in hand") for fact in scenario.find(kind)}
    letters = scenario.find("takes letters", who) | scenario.find("letters paused", who)
    return theirs | about | letters | {fact for fact in mine if fact[2] == who}


def make_responses(scenario: Scenario) -> None:
    """Both authors take responses; one waits, one was passed on and one declined, and all of them are reported."""
    for number, post in enumerate(scenario.posts[:2]):
        for name in ("rose", "tom")[: 2 - number]:
            chosen = Chosen(RespondedBy.READERS, ReadFirst.AUTHORS)
            choices.choose(post, chosen, by=scenario.cast[name], at=scenario.now)
    for who, post, state in (("ada", 0, WAITS), ("nan", 1, PASSED_ON), ("ines", 1, DECLINED)):
        number = _add_row(scenario, who, post, state)
        report = Report.objects.create(
            kind=Report.Kind.RESPONSE,
            response_id=scenario.responses[number],
            words="zq",
            sent_at=scenario.now,
        )
        report.about.set([scenario.cast[who]])
