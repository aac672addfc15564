"""What people do, in any order: a Hypothesis state machine whose rules are the acts, checked after each.

Each example begins with a new `Scenario` in a transaction that is rolled back at its end. After each act, every
form of the access rule must agree with the plain one over a world read anew from the rows; exactly those facts,
log entries and notices may have changed that the act means to change; and nobody may see more than it lets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from beside.access import compiled
from beside.access.compiled import Statement
from beside.access.door.admissions import NotWaiting
from beside.access.door.requests import AskedRecently, DoorClosed, TooManyRequests
from beside.access.policy import NothingToSee, Viewer, people_who_see, with_openness
from beside.family import families
from beside.family.family_members import NoSuchMember
from beside.family.timeline_entries import NoSuchEntry
from beside.moderation.reports import NoSuchReport
from beside.notices.models import Notice
from beside.people.delegations import NoSuchDelegation
from beside.people.models import Narrowing
from beside.people.moderators import NotAModerator
from beside.photos.hidden import NotYours
from beside.photos.models import Photo
from beside.posts import coauthors
from beside.posts.addenda import NotPublishedYet
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded, NothingToApprove
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.models import Post
from beside.posts.reach import NobodyNamed, PhotographsWiderThanWords
from beside.posts.share_link_devices import ShareLinkNotOpen
from beside.posts.share_links import PostNotPublished, ShareLinkEnded
from beside.responses.choices import WhoReadsFirst
from beside.responses.desk import NotInHand
from beside.responses.inbox import ForAuthorsOnly, NoSuchResponse
from beside.responses.private_letters import TakesNoLetters
from beside.responses.responses import TakesNoResponses
from beside.thanks.hand_overs import NotWithTheTeam
from beside.thanks.thank_you_notes import NobodyHandsOver, NoteEnded, NotYourNote
from tests.access import (
    acts_at_doors,
    acts_between_people,
    acts_of_being_found,
    acts_of_coauthors,
    acts_of_delegates,
    acts_of_families,
    acts_of_moderators,
    acts_of_notes,
    acts_of_private_letters,
    acts_of_responses,
    acts_on_accounts,
    acts_on_links,
    acts_on_posts,
    acts_on_the_shelf,
    plain,
)
from tests.access.acts import ACTS, Act, Meant, NothingToDo
from tests.access.agreement import (
    asked_for,
    compare_directory,
    compare_shelf,
    sights,
    stand_in,
)
from tests.access.facts import Fact, facts_of
from tests.access.reading import world_of
from tests.access.scenario import Scenario
from tests.access.worlds import Looking
from tests.family.reading import compare as compare_families
from tests.responses.agreement import compare
from tests.responses.reading import world_of as responses_of

# Importing them fills `ACTS`.
ACT_MODULES = (
    acts_at_doors,
    acts_between_people,
    acts_of_being_found,
    acts_of_coauthors,
    acts_of_delegates,
    acts_of_families,
    acts_of_responses,
    acts_of_private_letters,
    acts_of_moderators,
    acts_of_notes,
    acts_on_accounts,
    acts_on_links,
    acts_on_posts,
    acts_on_the_shelf,
)
REFUSALS = (
    AnotherRequestOpen,
    AskedRecently,
    ForAuthorsOnly,
    NoSuchEntry,
    NoSuchMember,
    NoSuchReport,
    NoSuchResponse,
    NotAModerator,
    NotInHand,
    TakesNoLetters,
    TakesNoResponses,
    WhoReadsFirst,
    DoorClosed,
    ShareLinkEnded,
    NobodyNamed,
    families.NobodyNamed,
    NobodyHandsOver,
    NoSuchDelegation,
    NotAnAuthor,
    NoteEnded,
    NotWithTheTeam,
    NotYourNote,
    ApprovalRequestEnded,
    NothingToApprove,
    NothingToSee,
    ShareLinkNotOpen,
    NotPublishedYet,
    PostNotPublished,
    NotWaiting,
    NotYours,
    PhotographsWiderThanWords,
    TakenBackForGood,
    TooManyRequests,
    WaitsForOthers,
    coauthors.CannotInvite,
    coauthors.LastAuthor,
    coauthors.InvitationEnded,
    coauthors.AlreadyDeclined,
    coauthors.AnotherInvitationOpen,
    coauthors.ApprovalPending,
)
# The same examples on every machine, and none kept beside the tests. A failure prints its shrunk steps.
SETTINGS = settings(
    max_examples=10,
    stateful_step_count=40,
    deadline=None,
    database=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


class Acts(RuleBasedStateMachine):
    """Its rules are added below, one for each of `ACTS`."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.has_looked = True
        self._transaction = ExitStack()
        self._transaction.enter_context(transaction.atomic())

    def teardown(self) -> None:
        """Leave no row behind, and print what was done where something is wrong."""
        transaction.set_rollback(True)
        self._transaction.close()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.begin_with(lambda found: data.draw(st.sampled_from(found)))

    def begin_with(self, choose: Callable[[Sequence[Any]], Any]) -> None:
        self.scenario = Scenario(choose)
        acts_of_responses.make_responses(self.scenario)
        acts_of_private_letters.make_letters(self.scenario)
        acts_of_notes.make_notes(self.scenario)
        acts_of_families.make_families(self.scenario)
        self.meant = Meant()
        self._look()
        self._remember()

    def step(self, act: Act) -> None:
        """One act of somebody's. Raises AssertionError where a narrowing is refused to an author."""
        self._remember()
        self.meant, refused = Meant(), None
        self.scenario.by = "nobody"
        try:
            with transaction.atomic():
                self.meant = act.do(self.scenario) or Meant()
        except NothingToDo:
            self.has_looked = False
            return
        except REFUSALS as refusal:
            refused = refusal
        why = f" ({type(refused).__name__})" if refused else ""
        self.done.append(f"{act.name} by {self.scenario.by}{why}")
        beyond = (NotAnAuthor, TakenBackForGood)
        assert not (act.narrows and refused) or isinstance(refused, beyond), self.done
        self._look()

    @invariant()
    def only_what_was_meant_has_changed(self) -> None:
        if not self.has_looked:
            return
        before, now, meant = self.before["facts"], self.scenario.facts, self.meant
        added, ended = (
            {fact for fact in facts if fact[0] not in meant.besides}
            for facts in (now - before, before - now)
        )
        self._same("begins", added, meant.adds - before)
        self._same("ends", ended, (_with_its_yes(meant.ends) - meant.adds) & before)

    @invariant()
    def what_narrows_is_in_the_log_that_a_restore_replays(self) -> None:
        if not self.has_looked:
            return
        before, now = self.before["log"], self.log
        new = [entry for pk, entry in now.items() if pk not in before]
        gone = [entry for pk, entry in before.items() if pk not in now]
        self._same("goes from the log", gone, self.meant.forgets)
        if self.meant.records is not None:
            self._same("is logged", new, self.meant.records)

    @invariant()
    def only_who_may_be_told_is_told(self) -> None:
        if not self.has_looked:
            return
        new = {one for pk, one in self.told.items() if pk not in self.before["told"]}
        unheard = self.meant.tells - set(self.told.values())
        self._same("is told", new - self.meant.may_tell, self.meant.tells & (new | unheard))

    @invariant()
    def nobody_sees_more_than_the_act_lets_them(self) -> None:
        if not self.has_looked:
            return
        called = self.scenario.called
        for viewer, met in self.scenario.met.items():
            who = called[viewer.account] if viewer.account else None
            before = self.before["met"].get(viewer, {})
            for post in self.scenario.posts:
                if met.get(post.pk, 0) > before.get(post.pk, 0):
                    assert self.meant.may_grow(who, called[post.pk]), (self.done, who)

    @invariant()
    def every_form_of_the_rule_agrees_with_the_plain_one(self) -> None:
        if not self.has_looked:
            return
        for viewer in self.world.viewers:
            met = self.scenario.met[_as_viewer(viewer)]
            for post in self.world.posts:
                assert met.get(post.id, 0) == plain.sight(self.world, viewer, post), self.done
            self._photographs(viewer)
            compare_shelf(self.world, viewer, at=self.scenario.now)
            compare_directory(self.world, viewer, at=self.scenario.now)
        for post in self.world.posts:
            self._people(post)

    @invariant()
    def responses_agree_with_the_plain_rules(self) -> None:
        """Asked after every third act, for one person and another each time: making these queries takes long."""
        if not self.has_looked or len(self.done) % 3:
            return
        world = responses_of(self.world, at=self.scenario.now)
        compare(world, at=self.scenario.now, turn=len(self.done) // 3)

    @invariant()
    def families_agree_with_the_plain_rules(self) -> None:
        """Asked as seldom as about responses, after other acts."""
        if self.has_looked and len(self.done) % 3 == 1:
            compare_families(self.world, at=self.scenario.now, turn=len(self.done) // 3)

    def _photographs(self, viewer: Looking) -> None:
        found = asked_for(
            _openness(viewer.me is not None, viewer.visit is not None), viewer, at=self.scenario.now
        )
        for photo in self.world.photos:
            assert found[photo.id] == plain.is_sent(self.world, viewer, photo), self.done

    def _people(self, post) -> None:
        expected = {
            person.id: plain.sight(self.world, Looking(person, None), post)
            for person in self.world.people
        }
        found = asked_for(_who_sees(), Looking(None, None), at=self.scenario.now, post=post)
        assert found == {key: sight for key, sight in expected.items() if sight}, self.done

    def _same(self, what: str, found: Iterable[Fact], expected: Iterable[Fact]) -> None:
        wrong, missing = (
            sorted((Counter(one) - Counter(other)).elements(), key=repr)
            for one, other in ((found, expected), (expected, found))
        )
        assert (wrong, missing) == ([], []), f"{what}: {wrong}, not {missing}, after {self.done}"

    def _remember(self) -> None:
        self.before = {
            "facts": self.scenario.facts,
            "met": self.scenario.met,
            "log": self.log,
            "told": self.told,
        }

    def _look(self) -> None:
        scenario = self.scenario
        self.has_looked = True
        self.world = scenario.world = world_of(at=scenario.now)
        scenario.facts = facts_of(self.world, scenario.called)
        scenario.met = {
            _as_viewer(viewer): asked_for(
                sights(viewer.me is not None, viewer.visit is not None), viewer, at=scenario.now
            )
            for viewer in self.world.viewers
        }
        self.log = {
            pk: (kind, *(self._name(subject[key]) for key in sorted(subject)))
            for pk, kind, subject in Narrowing.objects.values_list("pk", "kind", "subject")
        }
        notices = Notice.objects.values_list("pk", "recipient", "kind", "about")
        self.told = {
            pk: (self._name(who), kind, self._name(about)) for pk, who, kind, about in notices
        }

    def _name(self, value: Any) -> Any:
        """What an id is called, an address as it is, and "?" for the id of something without a name."""
        try:
            key = value if isinstance(value, UUID) else UUID(value)
        except (TypeError, ValueError):
            return value
        return self.scenario.called.get(key, "?")


def _with_its_yes(ends: AbstractSet[Fact]) -> set[Fact]:
    """Somebody who is an author no more has said nothing about the shelf any more either."""
    return {*ends, *(("may be found", *rest) for kind, *rest in ends if kind == "author")}


@lru_cache
def _openness(signed_in: bool, in_a_visit: bool) -> Statement:
    photos = with_openness(Photo.objects.all(), stand_in(signed_in, in_a_visit), at=compiled.AT)
    return compiled.compiled(photos.values_list("pk", "is_open"))


@lru_cache
def _who_sees() -> Statement:
    return compiled.compiled(people_who_see(Post(pk=compiled.POST)).values_list("pk", "sight"))


def play(random: Random, *, acts: int) -> None:
    """So many acts at random, without Hypothesis and its shrinking: for long runs, where its small examples cost most.

    Raises AssertionError where something is wrong.
    """
    machine, checks = Acts(), [one.function for one in Acts.setup_state().invariants]
    try:
        machine.begin_with(random.choice)
        while len(machine.done) < acts:
            possible = [act for act in ACTS if act.needs(machine.scenario)]
            (act,) = random.choices(possible, [act.weight for act in possible])
            machine.step(act)
            for check in checks:
                check(machine)
    finally:
        machine.teardown()


def _as_viewer(viewer: Looking) -> Viewer:
    return Viewer(viewer.me and viewer.me.id, viewer.visit)


def _rule_for(act: Act) -> Any:
    # Hypothesis switches rules off by their names, for a whole example. These share a name, as an act of one person
    # often means something only after the act of another.
    def somebody_acts(self: Acts) -> None:
        note(act.name)
        self.step(act)

    return precondition(lambda self: act.needs(self.scenario))(rule()(somebody_acts))


def _add_rules() -> None:
    """A rule that is there several times is chosen that much more often."""
    for act in ACTS:
        somebody_acts = _rule_for(act)
        for number in range(act.weight):
            setattr(Acts, f"{act.name}_{number}", somebody_acts)


_add_rules()
