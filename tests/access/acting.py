"""Sequences of what people do, in any order: `play` lets one run, and holds everything after each act."""

from __future__ import annotations

from random import Random

from beside.access.door.admissions import NotWaiting
from beside.access.door.requests import AskedRecently, DoorClosed, TooManyRequests
from beside.access.policy import NothingToSee
from beside.people.delegations import NoSuchDelegation
from beside.posts import coauthors
from beside.posts.addenda import NotPublishedYet
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded, NothingToApprove
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.reach import NobodyNamed, PhotographsWiderThanWords
from beside.posts.share_link_devices import ShareLinkNotOpen
from beside.posts.share_links import PostNotPublished, ShareLinkEnded
from tests.access import acts_at_doors as at_doors
from tests.access import acts_between_people as between_people
from tests.access import acts_on_letters as on_letters
from tests.access.stage import Stage

REFUSALS = (
    AnotherRequestOpen,
    AskedRecently,
    DoorClosed,
    ShareLinkEnded,
    NobodyNamed,
    NoSuchDelegation,
    NotAnAuthor,
    ApprovalRequestEnded,
    NothingToApprove,
    NothingToSee,
    ShareLinkNotOpen,
    NotPublishedYet,
    PostNotPublished,
    NotWaiting,
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
ACTS = [
    act
    for module in (on_letters, at_doors, between_people)
    for name, act in vars(module).items()
    if getattr(act, "__module__", "") == module.__name__
    and name.startswith(("a_", "an_", "in_", "into_", "out_", "somebody_", "the_", "time_"))
]
# Nothing but not having written it stands in the way of these.
NARROWING = (
    on_letters.an_author_closes,
    on_letters.an_author_shows_it_to_nobody,
    on_letters.an_author_takes_it_back,
    at_doors.an_author_ends_a_link,
    at_doors.an_author_keeps_out,
    at_doors.an_author_lets_in_no_more,
)
# What comes of others needs them to happen more often.
OFTEN = (
    ACTS
    + [
        on_letters.an_author_chooses_anew,
        on_letters.an_author_opens_again,
        on_letters.an_author_proposes,
        at_doors.a_reader_asks,
        at_doors.a_reader_asks,
        at_doors.somebody_lets_in,
        at_doors.a_link_is_opened,
        at_doors.a_link_is_opened,
    ]
    + 2
    * [
        at_doors.a_reader_asks,
        at_doors.somebody_lets_in,
        at_doors.somebody_lets_in,
        at_doors.somebody_declines,
        on_letters.an_author_agrees,
        on_letters.an_author_agrees_to_ask,
        on_letters.somebody_comes_to_a_letter,
        at_doors.a_device_is_answered,
        between_people.somebody_signs,
        between_people.somebody_for_after_asks_to_act,
        between_people.somebody_for_after_acts,
    ]
)


def play(random: Random, *, acts: int = 60) -> Stage:
    """So many acts, one after the other; raises AssertionError at the first that isn't as it should be."""
    stage = Stage(random)
    while len(stage.done) < acts:
        act = random.choice(OFTEN)
        stage.step(act, refusals=REFUSALS, narrows=act in NARROWING)
    return stage
