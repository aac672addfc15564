"""Somebody closes their account and comes back with the mailed link, and what that means for everybody else."""

from __future__ import annotations

from beside.archive import account_closures
from beside.people import account_closures as accounts
from beside.people.models import Circle
from beside.photos.models import Photo
from tests.access.acts import Meant, act
from tests.access.acts_at_doors import LAPSES_AFTER
from tests.access.acts_of_families import leave
from tests.access.acts_of_responses import give_up
from tests.access.acts_on_posts import LINK_ENDED, NARROWED
from tests.access.facts import Fact
from tests.access.scenario import Scenario

# Those without a session, as later acts need it.
LEAVERS = ("rose", "tom", "ines")


@act(weight=2)
def somebody_closes_their_account_and_comes_back(scenario: Scenario) -> Meant:
    """What concerned others has ended, and comes back with nobody; what was theirs alone is closed."""
    who = scenario.one(LEAVERS)
    secret, _freed = account_closures.close(scenario.acts(who), at=scenario.now)
    accounts.reopen(accounts.find(secret))
    if who == "rose":
        # Later acts need a circle to name.
        Circle.objects.create(pk=scenario.circle.pk, owner=scenario.cast.rose, name="Family")
    several = {post for post in scenario.posts_of(who) if len(scenario.authors(post)) > 1}
    means = Means(scenario, who)
    for post in several:
        means.leave(post)
    for post in scenario.posts_of(who) - several:
        means.close(post)
    means.ends.add(("wants to be found", who))
    means.part()
    means.withdraw()
    means.end_notes()
    means.leave_families()
    means.ends |= give_up(scenario, who)
    return Meant(
        means.adds,
        means.ends,
        may_grow=lambda _who, post: post in several,
        besides=("holds", "hidden from", "consents", "remembers", "photo", "text"),
        records=means.records,
        tells=means.tells,
    )


class Means:
    """The facts, log entries and notices that this closing means, added up one part after another."""

    def __init__(self, scenario: Scenario, who: str) -> None:
        self.scenario, self.who = scenario, who
        self.adds: set[Fact] = set()
        self.ends: set[Fact] = set()
        self.records: list[Fact] = []
        self.tells: set[Fact] = {("marit", "somebody closed their place", None)}
        for post, invited in list(scenario.invited.items()):
            if invited.who == who:
                del scenario.invited[post]

    def leave(self, post: int) -> None:
        scenario, who = self.scenario, self.who
        scenario.invited.pop(post, None)
        photos = Photo.objects.filter(uploader=scenario.cast[who])
        uploaded = {scenario.called.get(photo.pk) for photo in photos}
        self.ends |= {fact for fact in scenario.find("placed", post) if fact[2] in uploaded}
        self.ends.add(("author", post, who))
        self.records.append((NARROWED, post))
        self.tells |= {
            (one, "a co-author stepped out", post) for one in scenario.authors(post) - {who}
        }
        self._end_links(fact[1] for fact in scenario.find("link") if fact[2:4] == (post, who))

    def close(self, post: int) -> None:
        scenario = self.scenario
        if scenario.is_published(post):
            self.ends |= scenario.find("state", post)
            self.adds.add(("state", post, "closed"))
            self.records.append((NARROWED, post))
        self._end_links(fact[1] for fact in scenario.find("link") if fact[2] == post)

    def part(self) -> None:
        """End following, membership and delegations, whichever of the two began them."""
        scenario, who = self.scenario, self.who
        self.ends |= {fact for fact in scenario.find("follows") if who in fact[1:3]}
        inside = {fact for fact in scenario.find("member") if who in ("rose", fact[2])}
        self.ends |= inside
        self.records += [("removed from a circle", fact[2], fact[1]) for fact in inside]
        if who == "rose":
            self.ends |= {fact for fact in scenario.find("named") if fact[3] == "family"}
        for fact in scenario.find("helps"):
            if who in fact[1:3]:
                self.ends.add(fact)
                self.records.append(("delegation ended", "?"))
                other = fact[2] if fact[1] == who else fact[1]
                if fact[1] == who or fact[4] != "offered":
                    self.tells.add((other, "does it no more", "?"))

    def withdraw(self) -> None:
        scenario = self.scenario
        for fact in scenario.find("asks"):
            waits = fact[2:4] == (self.who, "waiting")
            if waits and scenario.asked_at[fact[1:3]] + LAPSES_AFTER > scenario.now:
                self.ends.add(fact)
                self.adds.add((*fact[:3], "withdrawn"))

    def end_notes(self) -> None:
        for fact in self.scenario.find("note"):
            if fact[2] == self.who:
                self.adds.add(("note ended", fact[1]))

    def leave_families(self) -> None:
        adds, ends, records = leave(self.scenario, self.who)
        self.adds |= adds
        self.ends |= ends
        self.records += records

    def _end_links(self, numbers) -> None:
        for number in numbers:
            if not self.scenario.find("ended", number):
                self.adds.add(("ended", number))
                self.ends |= self.scenario.find("opened", number)
                self.ends |= self.scenario.find("waits", number)
                self.records.append((LINK_ENDED, number))
