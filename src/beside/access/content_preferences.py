"""What a reader would rather not see. It is asked after the rule, narrows only for that reader, and is told to nobody.

Whether a photograph is sent is decided by the rule alone: it has no address before a page gave it one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from beside.access import policy
from beside.access.models import ContentPreference
from beside.access.policy import SeenPost, Viewer
from beside.people import blocks, mutes, time_zones
from beside.people.models import Account, Mute, Profile
from beside.posts import authorship
from beside.posts.models import Authorship, Facet, PostFacet
from beside.querysets.prepared import prepared

Choice = ContentPreference.Choice
# "Not today" ends before anybody gets up.
TOMORROW_BEGINS = time(4)


@dataclass(frozen=True, slots=True)
class ContentPreferences:
    """What one reader has chosen for now. By default they see everything."""

    not_today: bool = False
    ask: frozenset[str] = frozenset()
    not_for_now: frozenset[str] = frozenset()
    mutes_some: bool = False


EVERYTHING = ContentPreferences()


class AskFirst(Exception):
    """The reader wants to be asked before seeing this letter. `facets` is empty if it is because of "not today"."""

    def __init__(self, post: SeenPost, facets: list[Facet]) -> None:
        super().__init__()
        self.post, self.facets = post, facets


def preferences_of(viewer: Viewer, *, at: datetime) -> ContentPreferences:
    """What `viewer` has chosen at `at`. Somebody without an account has no preferences."""
    if viewer.account is None:
        return EVERYTHING
    chosen = _chosen.every(viewer.account)
    return ContentPreferences(
        not_today=any(until is not None and until > at for until, *_ in chosen),
        ask=frozenset(facet for _, facet, choice, _ in chosen if choice == Choice.ASK),
        not_for_now=frozenset(
            facet for _, facet, choice, _ in chosen if choice == Choice.NOT_FOR_NOW
        ),
        mutes_some=any(some for *_, some in chosen),
    )


@prepared
def _chosen(account: UUID) -> QuerySet[Profile, Any]:
    return Profile.objects.filter(account=account).values_list(
        "not_today_until",
        "account__content_preferences__facet",
        "account__content_preferences__choice",
        mutes.has_muted(OuterRef("account")),
    )


def see(viewer: Viewer, post_id: UUID, *, at: datetime, anyway: Collection[UUID] = ()) -> SeenPost:
    """The post as `policy.see` gives it. Every page that shows a reader a letter must call this instead.

    Raises `NothingToSee`, and `AskFirst` if the viewer wants to be asked and the post isn't among
    those that they chose to see `anyway` in this session.
    """
    post = policy.see(viewer, post_id, at=at)
    if post.pk in anyway:
        return post
    preferences = preferences_of(viewer, at=at)
    if preferences == EVERYTHING or post.pk in _written_by(viewer, [post.pk]):
        return post
    facets = _facets_of([post.pk], preferences.ask | preferences.not_for_now).get(post.pk, [])
    if preferences.not_today or facets:
        raise AskFirst(post, facets)
    return post


def is_by_muted(viewer: Viewer) -> Q:
    """Whether a post was written by somebody whom this reader has muted, alone or with others, and not by the reader."""
    muted = Mute.objects.filter(muter=viewer.account).values("muted")
    theirs = Q(pk__in=Authorship.objects.filter(account__in=muted).values("post_id"))
    return theirs & ~_is_mine(viewer)


def excluded(viewer: Viewer, preferences: ContentPreferences) -> Q:
    """The posts to leave out of this reader's lists, as a condition on `Post`. Their own posts always stay in."""
    mine = _is_mine(viewer)
    if preferences.not_today:
        return ~mine
    rather_not = PostFacet.objects.filter(facet__in=preferences.not_for_now)
    return Q(pk__in=rather_not.values("post_id")) & ~mine


def is_excluded(post: OuterRef, account: OuterRef) -> Exists:
    """Whether a row's account has chosen "not for now" for the row's post, and hasn't written it."""
    rather_not = ContentPreference.objects.filter(
        account=OuterRef(account), choice=Choice.NOT_FOR_NOW
    )
    about = PostFacet.objects.filter(post=post, facet__in=rather_not.values("facet"))
    return Exists(about.exclude(post__authorships__account=account))


def to_ask_about(
    posts: Collection[UUID], viewer: Viewer, preferences: ContentPreferences
) -> Mapping[UUID, list[Facet]]:
    """Those of `posts` that this reader wants to be asked about first, each with its facets."""
    if not preferences.ask:
        return {}
    asked = _facets_of(posts, preferences.ask)
    mine = _written_by(viewer, asked) if asked else set()
    return {post: facets for post, facets in asked.items() if post not in mine}


@transaction.atomic
def choose(account: Account, choices: Mapping[str, str]) -> None:
    """Replace `account`'s choices by these, from facet to choice. An empty choice is to be shown such letters."""
    blocks.lock(account.pk)
    ContentPreference.objects.filter(account=account).delete()
    ContentPreference.objects.bulk_create(
        ContentPreference(account=account, facet=Facet(facet), choice=Choice(choice))
        for facet, choice in choices.items()
        if choice
    )


def choices_of(account: Account) -> Mapping[str, str]:
    """`account`'s choices, from facet to choice, without the facets that they want to be shown."""
    return dict(ContentPreference.objects.filter(account=account).values_list("facet", "choice"))


def not_today(account: Account, *, at: datetime) -> None:
    """Show `account` nothing of others until four tomorrow morning in their time zone. It ends by itself."""
    tomorrow = localtime(at, time_zones.of(account)) + timedelta(days=1)
    until = tomorrow.replace(hour=TOMORROW_BEGINS.hour, minute=0, second=0, microsecond=0)
    Profile.objects.filter(account=account).update(not_today_until=until)


def end_not_today(account: Account) -> None:
    """Undo `not_today`; twice is harmless."""
    Profile.objects.filter(account=account).update(not_today_until=None)


def _facets_of(posts: Collection[UUID], some: Collection[str]) -> dict[UUID, list[Facet]]:
    rows = PostFacet.objects.filter(post__in=list(posts), facet__in=some)
    found: dict[UUID, set[str]] = {}
    for post, facet in rows.values_list("post_id", "facet"):
        found.setdefault(post, set()).add(facet)
    return {post: [one for one in Facet if one in facets] for post, facets in found.items()}


def _written_by(viewer: Viewer, posts: Collection[UUID]) -> set[UUID]:
    return set(authorship.those_of.every(viewer.account, list(posts)))


def _is_mine(viewer: Viewer) -> Q:
    return Q(pk__in=Authorship.objects.filter(account=viewer.account).values("post_id"))
