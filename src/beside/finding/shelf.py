"""The open shelf: letters whose words are for anyone, and which each of their authors lets be found.

It is newest first, never ranked and never counted. What of a letter somebody sees is the rule's to say
(`access.policy`); nothing is on the shelf that the rule wouldn't show.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access import conditions, content_preferences, feeds
from beside.access.feeds import NEWEST, PAGE, Cursor, Page
from beside.access.policy import SeenPost, Viewer, visible_to
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts import languages
from beside.posts.authorship import authors_of, locked, written_by
from beside.posts.models import Audience, Authorship, Facet, Post, PostFacet


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: letters under all of these facets, in this language. Empty means any."""

    facets: frozenset[Facet] = frozenset()
    language: str = ""


ANYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a letter is on the shelf; if not, whose yes it waits for, and whether its words are for anyone."""

    is_on: bool
    is_for_anyone: bool
    undecided: Collection[Account]


def letters(
    viewer: Viewer, wanted: Wanted = ANYTHING, *, at: datetime, before: Cursor | None = None
) -> Page:
    """One page of the shelf as `viewer` may see it at `at`, newest first."""
    preferences = content_preferences.preferences_of(viewer, at=at)
    listed = feeds.in_lists(viewer, preferences, before=before)
    found = found_by(viewer, at=at).filter(listed, *_about(wanted)).order_by(*NEWEST)
    return feeds.page_of(list(found[: PAGE + 1]), viewer, preferences)


def found_by(viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    """Every letter on the shelf of which `viewer` may see anything at `at`, in no order."""
    return visible_to(viewer, at=at).filter(_is_on())


def standing(post: Post, author: Account) -> Standing:
    """How it is with `post` of `author` and the shelf."""
    undecided = Account.objects.filter(
        authorships__in=Authorship.objects.filter(post=post, may_be_found=False)
    )
    return Standing(
        is_on=written_by(author).filter(_is_on(), pk=post.pk).exists(),
        is_for_anyone=post.words_for == Audience.ANYONE,
        undecided=list(undecided.select_related("profile").order_by("profile__name", "pk")),
    )


@transaction.atomic
def allow(post: Post, *, by: Account, at: datetime) -> None:
    """Let `post` be found, as far as `by` is concerned. Authors who haven't said so are told that they are asked.

    It is on the shelf once each author has, and while its words are for anyone. Raises `NotAnAuthor`.
    """
    post = locked(post, by=by)
    is_new = Authorship.objects.filter(post=post, account=by, may_be_found=False)
    if not is_new.update(may_be_found=True):
        return
    notices.untell(by.pk, Notice.Kind.SHELF_OFFERED, about=post.pk)
    silent = Authorship.objects.filter(post=post, may_be_found=False)
    for author in silent.values_list("account", flat=True):
        notices.tell(author, Notice.Kind.SHELF_OFFERED, about=post.pk, at=at)


@disk_full.with_reserve
@transaction.atomic
def end(post: Post, *, by: Account, at: datetime) -> None:
    """Take `post` off the shelf, from the next request on. Any author can. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    forget(post.pk, by.pk)
    narrowings.record(Narrowing.Kind.SHELF_LEFT, at=at, post=post.pk, author=by.pk)
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.SHELF_OFFERED, about=post.pk)


def forget(post_id: UUID, author_id: UUID) -> None:
    """Take back one author's yes, also after a restore."""
    Authorship.objects.filter(post=post_id, account=author_id).update(may_be_found=False)


@transaction.atomic
def say_language(post: Post, code: str, *, by: Account) -> None:
    """Say which language `post` is written in, as any author may; empty for none. Raises `NotAnAuthor`, `ValueError`."""
    if code and not languages.name_of(code):
        raise ValueError(f"{code!r} is no language of ours")
    post = locked(post, by=by)
    post.language = code
    post.save(update_fields=["language"])


def _is_on() -> Q:
    """Whether a post is on the shelf, for `Post` rows. Who sees it there is the rule's to say."""
    silent = Authorship.objects.filter(post=OuterRef("pk"), may_be_found=False)
    said = Authorship.objects.filter(may_be_found=True)
    return Q(
        ~Exists(silent),
        ~conditions.is_suspended(),
        pk__in=said.values("post"),
        state=Post.State.PUBLISHED,
        words_for=Audience.ANYONE,
    )


def _about(wanted: Wanted) -> list[Q]:
    under = [PostFacet.objects.filter(facet=facet).values("post") for facet in wanted.facets]
    found = [Q(pk__in=posts) for posts in under]
    return [*found, Q(language=wanted.language)] if wanted.language else found
