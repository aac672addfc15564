"""Compares what `beside.responses.policy` answers with the plain rules, over one world."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from beside.access.models import Look
from beside.access.policy import NothingToSee, Viewer
from beside.people.models import Account, Delegation, Profile
from beside.posts.models import Post
from beside.responses import desk, policy, private_letter_policy, private_letters, reports
from beside.responses.models import (
    PrivateLetterChoice,
    Response,
    ResponseChoice,
    ResponsePause,
)
from tests.access.world_rows import lay_down as lay_letters
from tests.access.worlds import BEFORE, LATER, Looking
from tests.responses import plain
from tests.responses.worlds import ResponseWorld

T = TypeVar("T")


def hold_to_the_plain_rules(world: ResponseWorld) -> None:
    """Raise AssertionError where an answer differs from the plain one. Leaves no row behind."""
    with transaction.atomic():
        lay_down(world)
        compare(world, at=timezone.now())
        transaction.set_rollback(True)


def lay_down(world: ResponseWorld) -> None:
    """Write the world as rows."""
    lay_letters(world.letters)
    _lay_letter_choices(world)
    ResponseChoice.objects.bulk_create(
        ResponseChoice(
            post_id=post.id,
            author_id=author.id,
            responded_by=choice.level,
            read_first=choice.authors_read,
        )
        for (post, author), choice in world.choices.items()
    )
    ResponsePause.objects.bulk_create(
        ResponsePause(post_id=post.id, since=BEFORE) for post in world.paused
    )
    Delegation.objects.bulk_create(
        Delegation(
            author_id=author.id,
            delegate_id=delegate.id,
            role=Delegation.Role.SCREENER,
            offered_at=BEFORE,
            signed_at=BEFORE,
        )
        for author, delegate in world.screening
    )
    quiet = [person.id for person in world.quiet]
    Profile.objects.filter(account__in=quiet).update(paused_until=LATER + timedelta(days=1))
    Response.objects.bulk_create(
        Response(
            id=one.id,
            post_id=one.post and one.post.id,
            recipient_id=one.recipient and one.recipient.id,
            writer_id=one.writer and one.writer.id,
            pen_name="A friend" if one.has_pen_name else "",
            state=one.state,
            sent_at=BEFORE,
            waits_since=BEFORE,
            shown_at=BEFORE if one.is_shown else None,
            only_for_authors=one.is_only_for_authors,
            likeness=one.id.bytes,
            reader_id=one.in_hand_of and one.in_hand_of.id,
            reader_until=LATER if one.in_hand_of else None,
        )
        for one in world.responses
    )
    Look.objects.bulk_create(
        Look(
            moderator_id=person.id,
            session_id=visit,
            report=one.id,
            response=one.id,
            ends_at=ends_at,
        )
        for one in world.responses
        for looks, ends_at in ((one.looked_at_in, LATER), (one.looked_at_before_in, BEFORE))
        for visit, person in looks
    )


def _lay_letter_choices(world: ResponseWorld) -> None:
    PrivateLetterChoice.objects.bulk_create(
        PrivateLetterChoice(
            account_id=person.id,
            written_by=choice.level,
            read_first=choice.authors_read,
            paused_since=BEFORE if choice.is_paused else None,
        )
        for person, choice in world.letter_choices.items()
    )


def compare(world: ResponseWorld, *, at: datetime, turn: int | None = None) -> None:
    """Raise AssertionError where an answer about the rows differs from the plain one about `world`.

    With `turn`, only one viewer and one person are asked about, whose turn it is.
    """
    viewers = _whose_turn(world.letters.viewers, turn)
    _viewers(world, viewers, at=at)
    people = _whose_turn(world.letters.people, turn)
    accounts = Account.objects.in_bulk([person.id for person in people])
    for person in people:
        _one_person(world, person, accounts[person.id], at=at)
        _letters_of(world, person, accounts, at=at)
    everybody = Account.objects.in_bulk()
    for to in (*world.letters.posts, *world.letters.people):
        row = everybody.get(to.id) or Post(pk=to.id)
        found = policy.readers_first_of(row)
        expected = {one for one in plain.readers_first(world, to) if not one.is_suspended}
        assert {one.pk for one in found} == {one.id for one in expected}


def _whose_turn(some: list[T], turn: int | None) -> list[T]:
    return some if turn is None else [some[turn % len(some)]]


def _viewers(world: ResponseWorld, viewers: list[Looking], *, at: datetime) -> None:
    for looking in viewers:
        viewer = Viewer(looking.me and looking.me.id, looking.visit)
        found = set(policy.respondable_by(viewer, at=at).values_list("pk", flat=True))
        posts = world.letters.posts
        assert found == {one.id for one in posts if plain.may_respond(world, looking, one)}
        for post in posts:
            shown = set(policy.shown_with(post.id, viewer, at=at).values_list("pk", flat=True))
            here = [one for one in world.responses if one.post is post]
            assert shown == {one.id for one in here if plain.is_shown(world, looking, one)}
        _reported(world, looking, viewer, at=at)


def _reported(world: ResponseWorld, looking: Looking, viewer: Viewer, *, at: datetime) -> None:
    opened = set(reports.open_to(viewer, at=at).values_list("pk", flat=True))
    assert opened == {
        one.id for one in world.responses if plain.is_open_to_look(world, looking, one)
    }
    for one in world.responses:
        try:
            reports.reportable(one.id, viewer, at=at)
        except NothingToSee:
            assert not plain.can_be_reported(world, looking, one)
        else:
            assert plain.can_be_reported(world, looking, one)


def _one_person(world: ResponseWorld, person, account: Account, *, at: datetime) -> None:
    for found, is_theirs in (
        (policy.waiting_for(account), plain.waits_for),
        (policy.passed_on_to(account, at=at), plain.is_passed_on_to),
        (desk.asked_of(account, at=at), plain.is_asked_about),
    ):
        expected = {one.id for one in world.responses if is_theirs(world, person, one)}
        assert set(found.values_list("pk", flat=True)) == expected, is_theirs.__name__


def _letters_of(world: ResponseWorld, me, accounts: dict, *, at: datetime) -> None:
    """To whom somebody may write, what needs nobody to read it first, and what is between the two."""
    account, people = accounts[me.id], world.letters.people
    found = private_letter_policy.people_who_take_letters_from(account)
    may_write = {one.id for one in people if plain.may_write_to(world, me, one)}
    assert set(found.values_list("pk", flat=True)) == may_write, "may write"
    for other in people:
        if other is me or other.id not in accounts:
            continue
        to = accounts[other.id]
        at_once = private_letter_policy.needs_nobody_first(to, account)
        assert at_once == plain.is_passed_on_at_once(world, me, other), "at once"
        between = set(private_letters.between(account, to, at=at).values_list("pk", flat=True))
        expected = {one.id for one in world.responses if plain.is_between(world, me, other, one)}
        assert between == expected, "between"
