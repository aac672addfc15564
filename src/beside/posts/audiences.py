"""Choosing and changing who a post is for: any author may narrow it alone; widening needs every author."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.people import narrowings
from beside.people.models import Account, Membership, Narrowing
from beside.photos import disk_full
from beside.posts import indexed_texts, reach, reach_json, share_links
from beside.posts.authorship import locked, require_all_authors
from beside.posts.grants import Granted, active, of_authors, set_grants
from beside.posts.models import Audience, Grant, Post
from beside.posts.reach import BY_NAME, Chosen, Door, Reach


class TakenBackForGood(Exception):
    """A post that was taken back is never shown again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This letter was taken back, and that can’t be undone. Its words and photographs are"
                " still yours: you can write a new one with them."
            )
        )


# The columns of a post's own row that say who it is for.
_COLUMNS = (
    "words_for",
    "words_signed_in",
    "photographs_for",
    "photographs_signed_in",
    "veiled",
    "door",
    "door_says",
    "door_is_shared",
    "narrowed_from",
)


def chosen(post: Post) -> Chosen:
    """Who `post` is for now."""
    grants = list(Grant.objects.filter(post=post))
    words = Reach(Audience(post.words_for), signed_in=post.words_signed_in)
    photographs = Reach(Audience(post.photographs_for), signed_in=post.photographs_signed_in)
    return Chosen(
        _with_people(words, grants, Grant.What.WORDS),
        _with_people(photographs, grants, Grant.What.PHOTOGRAPHS),
        post.veiled,
        door_of(post),
    )


def door_of(post: Post) -> Door:
    """What `post`'s door says and does, whether or not anything is behind it."""
    return Door(dict(post.door), says=post.door_says, is_shared=post.door_is_shared)


def has_door(post: Post) -> bool:
    """Whether there is a door at which somebody can ask, now or once the post is published."""
    return Audience.LET_IN in (post.words_for, post.photographs_for)


def shows_more(post: Post, wanted: Chosen) -> bool:
    """Whether `wanted` would show anybody more of `post`, including those who have only a link to it."""
    return _shows_more(post, chosen(post), wanted)


@transaction.atomic
def choose(post: Post, wanted: Chosen, *, by: Account) -> None:
    """Save who a draft will be for. Nobody sees anything of it yet.

    Whether somebody is named, and whether a note is needed, is checked when it is published.
    Raises `NotAnAuthor` and `PhotographsWiderThanWords`.
    """
    post = locked(post, by=by)
    assert post.state == Post.State.DRAFT
    reach.require_within_words(wanted)
    _save(post, wanted)


@disk_full.with_reserve
@transaction.atomic
def change(
    post: Post, wanted: Chosen, *, by: Account, at: datetime, approved_by: Collection[UUID] = ()
) -> None:
    """Change who a published or closed post is for, from the next request on.

    Any author alone can show it to fewer people. Showing it to more raises `WaitsForOthers` unless
    every other author is in `approved_by`. Also raises `NotAnAuthor`, `TakenBackForGood`, and, when
    it widens, what `reach.check` raises; when it narrows, `PhotographsWiderThanWords` alone.
    """
    _change(locked(post, by=by), wanted, by=by, at=at, approved_by=approved_by)


@disk_full.with_reserve
@transaction.atomic
def show_to_nobody(post: Post, *, by: Account, at: datetime) -> None:
    """Show words and photographs to the authors only and end every share link, at once.

    Raises `NotAnAuthor` and `TakenBackForGood`.
    """
    post = locked(post, by=by)
    wanted = replace(chosen(post), words=Reach(), photographs=Reach())
    _change(post, wanted, by=by, at=at)
    share_links.end_all(post, at=at)


def before_narrowing(post: Post) -> Chosen | None:
    """Whom `post` was for before it was last shown to fewer people; None if nobody would see more of it then.

    Circles and accounts that are gone are left out. Showing it to them again is an ordinary `change`.
    """
    if post.narrowed_from is None or post.state == Post.State.TAKEN_BACK:
        return None
    kept = reach_json.from_json(post.narrowed_from)
    before = replace(
        kept, words=_still_here(post, kept.words), photographs=_still_here(post, kept.photographs)
    )
    return before if shows_more(post, before) else None


@transaction.atomic
def renew_door_address(post: Post, *, by: Account) -> None:
    """Give the door a new address, so that nothing is at the old one. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    post.door_address = uuid4()
    post.save(update_fields=["door_address"])


def named_people(post: Post, what: Grant.What | None = None) -> set[UUID]:
    """The accounts that "these people" means now, with circles resolved; of one part, or of both.

    A draft counts as published now.
    """
    grants = Grant.objects.filter(post=post)
    if what is not None:
        grants = grants.filter(what=what)
    accounts = set(grants.exclude(account=None).values_list("account_id", flat=True))
    in_circles = Membership.objects.filter(circle__grants__in=grants)
    if post.published_at is not None:
        in_circles = in_circles.exclude(from_now_on=True, added_at__gt=post.published_at)
    return {pk for pk in accounts if pk} | set(in_circles.values_list("account_id", flat=True))


def _change(
    post: Post, wanted: Chosen, *, by: Account, at: datetime, approved_by: Collection[UUID] = ()
) -> None:
    if post.state == Post.State.TAKEN_BACK:
        raise TakenBackForGood
    now = chosen(post)
    if _shows_more(post, now, wanted):
        reach.check(post, wanted)
        require_all_authors(post, by=by, approved_by=approved_by)
        # Nan's place taken by Ines is both: a restore must not show it to Nan again.
        takes_away = reach.is_wider(wanted, now)
        post.narrowed_from = None
        _save(post, wanted)
        if takes_away and post.state != Post.State.DRAFT:
            narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)
    else:
        _narrow(post, now, wanted, at=at)


def _shows_more(post: Post, now: Chosen, wanted: Chosen) -> bool:
    unfolds = now.veiled and not wanted.veiled and reach.shows_photographs_by_link(post)
    return unfolds or reach.is_wider(now, wanted)


def _narrow(post: Post, now: Chosen, wanted: Chosen, *, at: datetime) -> None:
    reach.require_within_words(wanted)
    if wanted != now:
        post.narrowed_from = reach_json.as_json(now)
    _save(post, wanted)
    narrowings.record(Narrowing.Kind.NARROWED, at=at, post=post.pk)


def _save(post: Post, wanted: Chosen) -> None:
    may_be_shelved = Audience.ANYONE in (post.words_for, wanted.words.audience)
    post.words_for = wanted.words.audience
    post.photographs_for = wanted.photographs.audience
    post.words_signed_in = wanted.words.signed_in
    # Only ANYONE depends on whether somebody is signed in; for the others the column keeps the safer value.
    post.photographs_signed_in = (
        wanted.photographs.signed_in or wanted.photographs.audience != Audience.ANYONE
    )
    post.veiled = wanted.veiled
    post.door = dict(wanted.door.answers)
    post.door_says, post.door_is_shared = wanted.door.says, wanted.door.is_shared
    post.save(update_fields=_COLUMNS)
    if may_be_shelved and post.state == Post.State.PUBLISHED:
        indexed_texts.follow(post)
    set_grants(post, set(_named(wanted)))


def _still_here(post: Post, part: Reach) -> Reach:
    """`part` without the accounts and circles that can't be named any more; with nobody left, only the authors."""
    if part.audience not in BY_NAME:
        return part
    here = replace(
        part,
        accounts=frozenset(active(part.accounts)),
        circles=frozenset(of_authors(post, part.circles)),
    )
    is_empty = here.audience == Audience.PEOPLE and not (here.accounts or here.circles)
    return Reach() if is_empty else here


def _named(wanted: Chosen) -> Iterator[Granted]:
    parts = ((Grant.What.WORDS, wanted.words), (Grant.What.PHOTOGRAPHS, wanted.photographs))
    for what, part in parts:
        if part.audience in BY_NAME:
            yield from (Granted(what.value, account, None) for account in part.accounts)
            yield from (Granted(what.value, None, circle) for circle in part.circles)


def _with_people(part: Reach, grants: Iterable[Grant], what: Grant.What) -> Reach:
    if part.audience not in BY_NAME:
        return part
    mine = [grant for grant in grants if grant.what == what]
    accounts = frozenset(grant.account_id for grant in mine if grant.account_id)
    circles = frozenset(grant.circle_id for grant in mine if grant.circle_id)
    return replace(part, accounts=accounts, circles=circles)
