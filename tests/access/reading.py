"""A world read from the rows, for the plain rule: nothing of it comes from `beside.access.policy`.

It is read after every act, and so with one plain query a table.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from beside.access.models import Admission, Ban, Consent, Look
from beside.people.models import (
    Account,
    Block,
    Circle,
    DirectoryEntry,
    Follow,
    Membership,
    Moderator,
    Session,
)
from beside.photos.models import HiddenPhoto, Hold, Photo, Portrait
from beside.posts.models import (
    Authorship,
    Grant,
    PlacedPhoto,
    Post,
    ShareLink,
    ShareLinkApproval,
    ShareLinkDevice,
)
from tests.access.worlds import (
    ACircle,
    ALink,
    ALook,
    AnAdmission,
    APhoto,
    APost,
    Looking,
    Part,
    Person,
    World,
)

People = dict[UUID, Person]


def world_of(*, at: datetime) -> World:
    """Everything that is there at `at`."""
    assert not Portrait.objects.exists()
    accounts = Account.objects.values_list("pk", "is_active", "email", "suspended_at")
    found = set(DirectoryEntry.objects.values_list("account", flat=True))
    people = {
        key: Person(
            is_active,
            is_findable=key in found,
            id=key,
            address=email,
            is_suspended=bool(suspended_at),
        )
        for key, is_active, email, suspended_at in accounts
    }
    circles = _circles(people)
    for key in Moderator.objects.exclude(accepted_at=None).values_list("pk", flat=True):
        people[key].is_moderator = True
    for key in Account.objects.filter(is_host=True).values_list("pk", flat=True):
        people[key].is_moderator = True
    photos = _photos(people, at=at)
    posts = _posts(people, circles, photos, at=at)
    bans = list(Ban.objects.values_list("author", "account", "address"))
    return World(
        list(people.values()),
        list(circles.values()),
        _pairs(Follow, "follower", "followed", people),
        _pairs(Block, "blocker", "blocked", people),
        list(posts.values()),
        [photo for post in posts.values() for photo in post.photos],
        _viewers(people, at=at),
        _admissions(posts, people),
        set(),
        {(people[keeper], people[account]) for keeper, account, _ in bans if account},
        {(people[keeper], address) for keeper, _, address in bans if address},
        _links(posts, people, at=at),
        _looks(posts, photos, people, at=at),
    )


def _pairs(model: type[Model], one: str, other: str, people: People) -> set[tuple[Person, Person]]:
    rows = model._default_manager.values_list(one, other)
    return {(people[first], people[second]) for first, second in rows}


def _by_first(rows: Any) -> dict[Any, list[Any]]:
    """The rest of each row, under its first value."""
    found = defaultdict(list)
    for first, *rest in rows:
        found[first].append(rest)
    return found


def _viewers(people: People, *, at: datetime) -> list[Looking]:
    sessions = Session.objects.values_list("account", "pk", "expire_date")
    viewers = [
        Looking(people.get(account), key, is_dead=ends <= at) for account, key, ends in sessions
    ]
    seen = {viewer.me for viewer in viewers}
    viewers += [Looking(person, None) for person in people.values() if person not in seen]
    return [*viewers, Looking(None, None)]


def _circles(people: People) -> dict[UUID, ACircle]:
    inside = _by_first(
        Membership.objects.values_list("circle", "account", "from_now_on", "added_at")
    )
    return {
        key: ACircle(
            key,
            people[owner],
            {people[one] for one, *_ in inside[key]},
            {people[one]: added_at for one, from_now_on, added_at in inside[key] if from_now_on},
        )
        for key, owner in Circle.objects.values_list("pk", "owner")
    }


def _posts(people: People, circles, photos, *, at: datetime) -> dict[UUID, APost]:
    authors = _by_first(Authorship.objects.values_list("post", "account", "may_be_found"))
    grants = _by_first(Grant.objects.values_list("post", "what", "account", "circle"))
    placed = _by_first(PlacedPhoto.objects.order_by("position").values_list("post", "photo"))

    def part(row: Post, what: Grant.What, audience: int, signed_in: bool) -> Part:
        granted = [(account, circle) for of, account, circle in grants[row.pk] if of == what]
        return Part(
            audience,
            signed_in,
            {people[account] for account, _ in granted if account},
            {circles[circle] for _, circle in granted if circle},
        )

    return {
        row.pk: APost(
            id=row.pk,
            authors={people[one] for one, _ in authors[row.pk]},
            state=row.state,
            words=part(row, Grant.What.WORDS, row.words_for, row.words_signed_in),
            photographs=part(
                row, Grant.What.PHOTOGRAPHS, row.photographs_for, row.photographs_signed_in
            ),
            veiled=row.veiled,
            photos=[photos[photo] for (photo,) in placed[row.pk]],
            door_is_shared=row.door_is_shared,
            # Only its authors see a draft, and it will be published after this.
            published_at=row.published_at or at,
            is_suspended=row.suspended_at is not None,
            may_be_found={people[one] for one, said in authors[row.pk] if said},
        )
        for row in Post.objects.all()
    }


def _photos(people: People, *, at: datetime) -> dict[UUID, APhoto]:
    holds = _by_first(Hold.objects.values_list("photo", "account", "kind"))
    hidden = _by_first(HiddenPhoto.objects.values_list("photo", "account"))
    consents = _by_first(Consent.objects.values_list("photo", "session", "account", "ends_at"))
    return {
        key: APhoto(
            id=key,
            uploader=people.get(uploader),
            state=state,
            holders={people[one] for one, kind in holds[key] if kind == Hold.Kind.ORIGINAL},
            has_key=any(kind == Hold.Kind.SHOWN for _, kind in holds[key]),
            hidden_for={people[one] for (one,) in hidden[key]},
            chosen_in={session for session, _, ends in consents[key] if session and ends > at},
            remembered_by={people[account] for _, account, _ in consents[key] if account},
        )
        for key, uploader, state in Photo.objects.values_list("pk", "uploader", "state")
    }


def _admissions(posts, people: People) -> list[AnAdmission]:
    by = _by_first(Admission.by.through.objects.values_list("admission", "account"))
    rows = Admission.objects.values_list("pk", "post", "account", "is_shared")
    return [
        AnAdmission(posts[post], people[who], is_shared, {people[one] for (one,) in by[key]})
        for key, post, who, is_shared in rows
    ]


def _looks(posts, photos, people: People, *, at: datetime) -> list[ALook]:
    return [
        ALook(
            posts[look.post_id],
            photos[look.photo_id] if look.photo_id else None,
            people[look.moderator_id],
            look.session_id,
            is_over=look.ends_at <= at,
        )
        for look in Look.objects.filter(response=None)
    ]


def _links(posts, people: People, *, at: datetime) -> list[ALink]:
    approvals = _by_first(ShareLinkApproval.objects.values_list("link", "account"))
    devices = _by_first(ShareLinkDevice.objects.values_list("link", "session", "allowed_at"))
    return [
        ALink(
            row.pk,
            posts[row.post_id],
            people[row.maker_id],
            row.with_photographs,
            {people[one] for (one,) in approvals[row.pk]},
            row.ended_at is not None,
            row.ends_at <= at,
            {session for session, allowed_at in devices[row.pk] if allowed_at},
            {session for session, allowed_at in devices[row.pk] if not allowed_at},
        )
        for row in ShareLink.objects.all()
    ]
