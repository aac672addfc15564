"""The state of the database, as single facts about named people and numbered posts.

An act is held to exactly the facts that it adds and ends: nothing else may change with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Any
from uuid import UUID

from beside.access.models import AccessRequest
from beside.family.models import Family, FamilyMember, TimelineEntry
from beside.people.models import Delegation, Follow, Mute
from beside.posts.models import Addendum, Audience, Post
from beside.posts.reach import Chosen, Reach
from beside.responses.models import (
    Presence,
    PrivateLetterChoice,
    Response,
    ResponseChoice,
    ResponsePause,
)
from beside.thanks.models import ThankYouNote
from tests.access.worlds import APost, Part, World

Fact = tuple[Any, ...]
Called = Mapping[UUID, Hashable]
# An approval of a post is an approval of all of these.
OF_A_POST = ("author", "state", "for", "named", "veiled", "door", "placed", "text")
# Those of them that make up its audience.
OF_AN_AUDIENCE = ("for", "named", "veiled", "door")


def facts_of(world: World, called: Called) -> frozenset[Fact]:
    """Every fact of `world`, and of the rows that the rule doesn't read, with each id as it is `called`."""
    found = (_of_people, _of_being_found, _of_posts, _of_photographs, _of_doors, _of_links)
    of_world = [fact for facts in found for fact in facts(world, called)]
    of_rows = (_of_rows, _of_responses, _of_letter_choices, _of_notes, _of_families)
    return frozenset([*of_world, *(fact for facts in of_rows for fact in facts(called))])


def audience_of(post: Hashable, chosen: Chosen, called: Called) -> set[Fact]:
    """The facts of a post with this audience."""
    facts = {("door", post, _door(chosen.door.answers, is_shared=chosen.door.is_shared))}
    if chosen.veiled:
        facts.add(("veiled", post))
    for part, reach in (("words", chosen.words), ("photographs", chosen.photographs)):
        facts |= _reach(post, part, reach, called)
    return facts


def _reach(post: Hashable, part: str, reach: Reach, called: Called) -> set[Fact]:
    facts = {_for(post, part, reach.audience, signed_in=reach.signed_in)}
    if reach.audience in (Audience.PEOPLE, Audience.LET_IN):
        facts |= {("named", post, part, called[one]) for one in reach.accounts | reach.circles}
    return facts


def _for(post: Hashable, part: str, audience: int, *, signed_in: bool) -> Fact:
    return ("for", post, part, int(audience), signed_in or audience != Audience.ANYONE)


def _door(answers: Mapping[str, str], *, is_shared: bool) -> Fact:
    return (is_shared, *sorted((str(reason), str(answer)) for reason, answer in answers.items()))


def _of_people(world: World, called: Called) -> Iterator[Fact]:
    for person in world.people:
        if person.is_suspended:
            yield "suspended", called[person.id]
    for one, other in world.blocks:
        yield "blocks", called[one.id], called[other.id]
    for circle in world.circles:
        for person in circle.members:
            yield "member", called[circle.id], called[person.id], person in circle.from_now_on
    for keeper, person in world.banned:
        yield "bans", called[keeper.id], called[person.id]
    for keeper, address in world.banned_addresses:
        yield "bans", called[keeper.id], address


def _of_being_found(world: World, called: Called) -> Iterator[Fact]:
    for person in world.people:
        if person.is_findable:
            yield "wants to be found", called[person.id]


def _of_posts(world: World, called: Called) -> Iterator[Fact]:
    for post in world.posts:
        number = called[post.id]
        yield "state", number, post.state
        if post.is_suspended:
            yield "suspended", number
        if post.veiled:
            yield "veiled", number
        for author in post.authors:
            yield "author", number, called[author.id]
        for author in post.may_be_found:
            yield "may be found", number, called[author.id]
        for name, part in (("words", post.words), ("photographs", post.photographs)):
            yield from _of_part(number, post, name, part, called)


def _of_part(number: Hashable, post: APost, name: str, part: Part, called: Called):
    yield _for(number, name, part.audience, signed_in=part.signed_in)
    for one in part.people | part.circles:
        yield "named", number, name, called[one.id]
    for photo in post.photos:
        yield "placed", number, called[photo.id]


def _of_photographs(world: World, called: Called) -> Iterator[Fact]:
    for photo in world.photos:
        for holder in photo.holders:
            yield "holds", called[holder.id], called[photo.id]
        yield "photo", called[photo.id], photo.state
        for session in photo.chosen_in:
            yield "consents", session, called[photo.id]
        for person in photo.remembered_by:
            yield "remembers", called[person.id], called[photo.id]
        for person in photo.hidden_for:
            yield "hidden from", called[person.id], called[photo.id]


def _of_doors(world: World, called: Called) -> Iterator[Fact]:
    for admission in world.admissions:
        by = tuple(sorted(called[author.id] for author in admission.by))
        yield (
            "admitted",
            called[admission.post.id],
            called[admission.person.id],
            admission.is_shared,
            by,
        )


def _of_links(world: World, called: Called) -> Iterator[Fact]:
    for link in world.links:
        number = called[link.id]
        yield (
            "link",
            number,
            called[link.post.id],
            called[link.maker.id],
            link.with_photographs,
        )
        if link.is_ended:
            yield "ended", number
        for author in link.yeses:
            yield "yes", number, called[author.id]
        for visit in link.opened_in:
            yield "opened", number, visit
        for visit in link.waiting_in:
            yield "waits", number, visit


def _of_rows(called: Called) -> Iterator[Fact]:
    added = Counter(Addendum.objects.values_list("post", flat=True))
    posts = Post.objects.values_list("pk", "door", "door_is_shared", "words", "note")
    for key, answers, is_shared, words, note in posts:
        yield "door", called[key], _door(answers, is_shared=is_shared)
        yield "text", called[key], words, note, added[key]
    for muter, muted in Mute.objects.values_list("muter", "muted"):
        yield "mutes", called[muter], called[muted]
    for follower, followed, state in Follow.objects.values_list("follower", "followed", "state"):
        yield "follows", called[follower], called[followed], state
    for post, asker, state in AccessRequest.objects.values_list("post", "asker", "state"):
        yield "asks", called[post], called[asker], state
    for one in Delegation.objects.filter(ended_at=None):
        signed = "asks to act" if one.asked_to_act_at else "signed"
        state = signed if one.signed_at else "offered"
        yield "helps", called[one.delegate_id], called[one.author_id], str(one.role), state


def _of_letter_choices(called: Called) -> Iterator[Fact]:
    for choice in PrivateLetterChoice.objects.all():
        who = called[choice.account_id]
        yield "takes letters", who, choice.written_by, choice.read_first
        if choice.paused_since:
            yield "letters paused", who


def _of_notes(called: Called) -> Iterator[Fact]:
    for one in ThankYouNote.objects.all():
        number = called[one.pk]
        yield "note", number, called[one.author_id], one.way
        if one.code_digest:
            yield "note has a code", number
        if one.ended_at:
            yield "note ended", number
        if one.handed_over_by_id:
            yield "note handed over", number, called[one.handed_over_by_id]


def _of_families(called: Called) -> Iterator[Fact]:
    for one in Family.objects.prefetch_related("grants"):
        keeper = called[one.keeper_id]
        yield "family", keeper, one.audience, one.closed_at is not None
        for grant in one.grants.all():
            yield "family named", keeper, called[grant.account_id or grant.circle_id]
    for one in FamilyMember.objects.select_related("family"):
        who = called[one.account_id] if one.account_id else None
        is_off = one.taken_off_at is not None
        yield "family member", called[one.pk], called[one.family.keeper_id], who, is_off
    for one in TimelineEntry.objects.select_related("family"):
        of = called[one.post_id] if one.post_id else None
        yield "family entry", called[one.pk], called[one.family.keeper_id], of, one.of_letter
        if one.put_away_at:
            yield "family entry away", called[one.pk]


def _of_responses(called: Called) -> Iterator[Fact]:
    for one in ResponseChoice.objects.all():
        yield (
            "chooses",
            called[one.post_id],
            called[one.author_id],
            one.responded_by,
            one.read_first,
        )
    for post in ResponsePause.objects.values_list("post", flat=True):
        yield "paused", called[post]
    for post, account in Presence.objects.values_list("post", "account"):
        yield "was here", called[post], called[account]
    for one in Response.objects.all():
        yield from _of_response(one, called)


def _of_response(one: Response, called: Called) -> Iterator[Fact]:
    number = called[one.pk]
    to = called[one.post_id or one.recipient_id]
    yield "response", number, to, called[one.writer_id], one.state
    if one.at_once:
        yield "at once", number
    if one.shown_at:
        yield "shown", number
    if one.reader_id:
        yield "in hand", number, called[one.reader_id]
    if one.handed_over_by_id:
        yield "handed over", number, called[one.handed_over_by_id]
