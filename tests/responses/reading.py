"""A world read from the rows, for the plain rules of responses: nothing of it comes from `beside.responses.policy`."""

from __future__ import annotations

from datetime import datetime

from beside.access.models import Look
from beside.people.models import Delegation, Profile
from beside.responses.models import (
    PrivateLetterChoice,
    Response,
    ResponseChoice,
    ResponsePause,
)
from tests.access.worlds import World
from tests.responses.worlds import AChoice, ALetterChoice, AResponse, ResponseWorld


def world_of(letters: World, *, at: datetime) -> ResponseWorld:
    """Everything about responses that is there at `at`, beside the world of letters that was read before."""
    people = {person.id: person for person in letters.people}
    posts = {post.id: post for post in letters.posts}
    signed = Delegation.objects.filter(
        role=Delegation.Role.SCREENER, signed_at__isnull=False, ended_at=None
    )
    quiet = Profile.objects.filter(paused_until__gt=at).values_list("account", flat=True)
    return ResponseWorld(
        letters,
        {
            (posts[one.post_id], people[one.author_id]): AChoice(
                one.responded_by, bool(one.read_first)
            )
            for one in ResponseChoice.objects.all()
        },
        {posts[one] for one in ResponsePause.objects.values_list("post", flat=True)},
        {(people[a], people[d]) for a, d in signed.values_list("author", "delegate")},
        {people[one] for one in quiet},
        [
            AResponse(
                one.pk,
                posts.get(one.post_id),
                people.get(one.writer_id),
                one.state,
                one.shown_at is not None,
                one.only_for_authors,
                in_hand_of=people[one.reader_id] if one.reader_id and _lasts(one, at) else None,
                looked_at_in={
                    (look.session_id, people[look.moderator_id])
                    for look in Look.objects.filter(response=one.pk, ends_at__gt=at)
                },
                recipient=people.get(one.recipient_id),
                has_pen_name=bool(one.pen_name),
            )
            for one in Response.objects.all()
        ],
        {
            people[one.account_id]: ALetterChoice(
                one.written_by, bool(one.read_first), one.paused_since is not None
            )
            for one in PrivateLetterChoice.objects.all()
        },
    )


def _lasts(response: Response, at: datetime) -> bool:
    return response.reader_until is not None and response.reader_until > at
