"""The open shelf: letters whose words are for anyone, and which each of their authors lets be found.

It is newest first, never ranked and never counted. What of a letter somebody sees is the rule's to say
(`access.policy`); nothing is on the shelf that the rule wouldn't show.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from beside.access import content_preferences, feeds
from beside.access.feeds import MOST_AT_ONCE, NEWEST, PAGE, Cursor, Page
from beside.access.policy import SeenPost, Viewer, visible_to
from beside.index import full_text, texts
from beside.index.analysis import Query
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.photos.models import Photo
from beside.posts import indexed_texts, languages, shelved
from beside.posts.authorship import authors_of, locked, written_by
from beside.posts.models import Audience, Authorship, Facet, Post, PostFacet


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: letters under all of these facets, in this language, with all words of `query`. Empty means any."""

    facets: frozenset[Facet] = frozenset()
    language: str = ""
    query: Query = ()


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
    listed = feeds.in_lists(viewer, preferences, before=None if wanted.query else before)
    shown = found_by(viewer, at=at, of_few=bool(wanted.query))
    found = shown.filter(listed, *_about(wanted)).order_by(*NEWEST)
    with_words = partial(_with_words, wanted=wanted, viewer=viewer, before=before)
    first = with_words(found) if wanted.query else list(found[: PAGE + 1])
    return feeds.page_of(first, viewer, preferences)


def found_by(viewer: Viewer, *, at: datetime, of_few: bool = False) -> QuerySet[SeenPost]:
    """Every letter on the shelf of which `viewer` may see anything at `at`, in no order."""
    return visible_to(viewer, at=at).filter(shelved.is_on_shelf(of_few=of_few))


def standing(post: Post, author: Account) -> Standing:
    """How it is with `post` of `author` and the shelf."""
    undecided = Account.objects.filter(
        authorships__in=Authorship.objects.filter(post=post, may_be_found=False)
    )
    return Standing(
        is_on=written_by(author).filter(shelved.is_on_shelf(), pk=post.pk).exists(),
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
    indexed_texts.follow(post)
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
    texts.shut([post_id])


@transaction.atomic
def say_language(post: Post, code: str, *, by: Account) -> None:
    """Say which language `post` is written in, as any author may; empty for none. Raises `NotAnAuthor`, `ValueError`."""
    if code and not languages.name_of(code):
        raise ValueError(f"{code!r} is no language of ours")
    post = locked(post, by=by)
    post.language = code
    post.save(update_fields=["language"])
    indexed_texts.index(post)
    indexed_texts.index_photographs(list(Photo.objects.filter(placed__post=post)), code)


def _with_words(
    shown: QuerySet[SeenPost], *, wanted: Wanted, viewer: Viewer, before: Cursor | None
) -> list[SeenPost]:
    """The first of `shown` with all words of the query, in the order of the index.

    It has nothing but what is on the shelf; and for somebody without an account, nothing but what is for them too.
    """
    labels = [indexed_texts.facet_label(facet) for facet in sorted(wanted.facets)]
    labels += [indexed_texts.language_label(wanted.language)] if wanted.language else []
    labels += [] if viewer.account else [indexed_texts.VISITORS]
    found: list[SeenPost] = []
    below, step = _key_of(before), 3 * PAGE
    while len(found) <= PAGE:
        keys = full_text.newest(wanted.query, labels=labels, before=below, most=step)
        post_of = dict(texts.texts().filter(open_key__in=keys).values_list("open_key", "post"))
        seen = {post.pk: post for post in shown.filter(pk__in=list(post_of.values()))}
        found += (seen[post_of[key]] for key in keys if post_of.get(key) in seen)
        if len(keys) < step:
            break
        below, step = keys[-1], min(4 * step, MOST_AT_ONCE)
    return found[: PAGE + 1]


def _key_of(cursor: Cursor | None) -> int | None:
    """Below which key of the index the page after `cursor` begins."""
    if cursor is None:
        return None
    key = texts.texts().filter(post=cursor.post).values_list("open_key", flat=True).first()
    return key or texts.key_at(cursor.published_at)


def _about(wanted: Wanted) -> list[Q]:
    under = [PostFacet.objects.filter(facet=facet).values("post") for facet in wanted.facets]
    found = [Q(pk__in=posts) for posts in under]
    return [*found, Q(language=wanted.language)] if wanted.language else found
