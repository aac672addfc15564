"""What a reader would rather not meet. It narrows for themselves, is asked after the rule, and is told to nobody.

Whether bytes are sent is for the rule alone: a photograph has an address only once a page gave one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from beside.access.models import ContentPreference
from beside.access.policy import SeenPost, Viewer, see
from beside.people.models import Account, Profile
from beside.posts.models import Authorship, Facet, PostFacet

Choice = ContentPreference.Choice
# When a day that somebody left out is over: before anybody's morning.
TOMORROW_BEGINS = time(4)


@dataclass(frozen=True, slots=True)
class Taste:
    """How one reader would like to meet letters now. Without rows they meet all of them."""

    not_today: bool = False
    ask: frozenset[str] = frozenset()
    not_for_now: frozenset[str] = frozenset()


EVERYTHING = Taste()


class AskFirst(Exception):
    """A letter that its reader wanted to be asked about; `facets` are none where it is "not today"."""

    def __init__(self, post: SeenPost, facets: list[Facet]) -> None:
        super().__init__()
        self.post, self.facets = post, facets


def taste_of(viewer: Viewer, *, at: datetime) -> Taste:
    """How `viewer` would like to meet letters at `at`; whoever has no account has said nothing."""
    if viewer.account is None:
        return EVERYTHING
    rows = Profile.objects.filter(account=viewer.account).values_list(
        "not_today_until", "account__facet_choices__facet", "account__facet_choices__choice"
    )
    chosen = list(rows)
    return Taste(
        not_today=any(until is not None and until > at for until, _, _ in chosen),
        ask=frozenset(facet for _, facet, choice in chosen if choice == Choice.ASK),
        not_for_now=frozenset(facet for _, facet, choice in chosen if choice == Choice.NOT_FOR_NOW),
    )


def meet(viewer: Viewer, post_id: UUID, *, at: datetime, anyway: Collection[UUID] = ()) -> SeenPost:
    """The post as `policy.see` gives it; every page that shows a letter to a reader begins here.

    Raises `NothingToSee`, and `AskFirst` where the viewer wanted to be asked and the post is
    not among those that they have asked to see `anyway` in this visit.
    """
    post = see(viewer, post_id, at=at)
    if post.pk in anyway:
        return post
    taste = taste_of(viewer, at=at)
    if taste == EVERYTHING or post.pk in _of_mine(viewer, [post.pk]):
        return post
    facets = _facets_of([post.pk], taste.ask | taste.not_for_now).get(post.pk, [])
    if taste.not_today or facets:
        raise AskFirst(post, facets)
    return post


def left_out(viewer: Viewer, taste: Taste) -> Q:
    """What stands in none of this reader's lists, for `Post` rows. Their own letters always do."""
    mine = Q(pk__in=Authorship.objects.filter(account=viewer.account).values("post_id"))
    if taste.not_today:
        return ~mine
    rather_not = PostFacet.objects.filter(facet__in=taste.not_for_now)
    return Q(pk__in=rather_not.values("post_id")) & ~mine


def is_left_out(post: OuterRef, account: OuterRef) -> Exists:
    """Whether the account of a row would rather not meet, for now, the post that the row is about."""
    rather_not = ContentPreference.objects.filter(
        account=OuterRef(account), choice=Choice.NOT_FOR_NOW
    )
    about = PostFacet.objects.filter(post=post, facet__in=rather_not.values("facet"))
    return Exists(about.exclude(post__authorships__account=account))


def asks_about(posts: Collection[UUID], viewer: Viewer, taste: Taste) -> Mapping[UUID, list[Facet]]:
    """Those of `posts` about which this reader is asked first, and what each is about."""
    if not taste.ask:
        return {}
    asked = _facets_of(posts, taste.ask)
    mine = _of_mine(viewer, asked) if asked else set()
    return {post: facets for post, facets in asked.items() if post not in mine}


@transaction.atomic
def choose(account: Account, choices: Mapping[str, str]) -> None:
    """Meet letters like this from now on: a choice for each facet, or none, which is to be shown it."""
    ContentPreference.objects.filter(account=account).delete()
    ContentPreference.objects.bulk_create(
        ContentPreference(account=account, facet=Facet(facet), choice=Choice(choice))
        for facet, choice in choices.items()
        if choice
    )


def chosen_by(account: Account) -> Mapping[str, str]:
    """What `account` has chosen, for each facet of which it isn't to be shown all."""
    return dict(ContentPreference.objects.filter(account=account).values_list("facet", "choice"))


def not_today(account: Account, *, at: datetime) -> None:
    """Meet nothing until tomorrow at four in the morning. It ends by itself."""
    tomorrow = localtime(at) + timedelta(days=1)
    until = tomorrow.replace(hour=TOMORROW_BEGINS.hour, minute=0, second=0, microsecond=0)
    Profile.objects.filter(account=account).update(not_today_until=until)


def today_after_all(account: Account) -> None:
    """Undo it; twice is harmless."""
    Profile.objects.filter(account=account).update(not_today_until=None)


def _facets_of(posts: Collection[UUID], some: Collection[str]) -> dict[UUID, list[Facet]]:
    rows = PostFacet.objects.filter(post__in=list(posts), facet__in=some)
    found: dict[UUID, set[str]] = {}
    for post, facet in rows.values_list("post_id", "facet"):
        found.setdefault(post, set()).add(facet)
    return {post: [one for one in Facet if one in facets] for post, facets in found.items()}


def _of_mine(viewer: Viewer, posts: Collection[UUID]) -> set[UUID]:
    mine = Authorship.objects.filter(account=viewer.account, post__in=list(posts))
    return set(mine.values_list("post_id", flat=True))
