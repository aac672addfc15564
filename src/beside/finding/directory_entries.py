"""The directory: people who have said that they want to be found, and what they say there of what happened.

It is for people with an account, in the order in which they said so, never ranked and never counted.
Who finds whom is the rule's to say (`access.profiles`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from beside.access import content_preferences
from beside.access.content_preferences import ContentPreferences
from beside.access.feeds import PAGE, NoSuchCursor
from beside.access.policy import Viewer
from beside.access.profiles import people_known_to
from beside.index import texts
from beside.index.unicode_forms import folded
from beside.people import blocks, narrowings, time_zones
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.models import (
    Account,
    DirectoryEntry,
    DirectoryLanguage,
    Mute,
    Narrowing,
    Profile,
)
from beside.photos import disk_full
from beside.posts import languages
from beside.responses.private_letter_policy import people_who_would_like_letters

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Found(TypedDict):
        would_like_letters: bool

    # `would_like_letters` says whether the person would like to be written to.
    FoundEntry = WithAnnotations[DirectoryEntry, _Found]
else:
    FoundEntry = DirectoryEntry

OLDEST = ("said_on", "pk")
MOST_LANGUAGES = 3
# Of what somebody looks for, more is ignored.
LONGEST_LOOKED_FOR = 100


class NotFound(Exception):
    """Nobody finds this account: it hasn't said that it wants to be found, or has taken it back."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of themselves in the directory. All of it may be empty."""

    words: str = ""
    what: WhatHappened | None = None
    when: AboutWhen | None = None
    languages: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for: people for whom all of this holds. Empty means any.

    Each of `words` must be in their name or in their own words, whatever its case and accents.
    """

    words: str = ""
    what: WhatHappened | None = None
    when: AboutWhen | None = None
    language: str = ""
    to_write_to: bool = False


ANYBODY = Wanted()


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last entry of a page; the next page begins after it."""

    said_on: date
    account: UUID

    def __str__(self) -> str:
        return f"{self.said_on.isoformat()}~{self.account}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Parse what `str` returned; raises `NoSuchCursor`."""
        day, _, account = text.partition("~")
        try:
            return cls(date.fromisoformat(day), UUID(account))
        except ValueError:
            raise NoSuchCursor from None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the directory. `next_cursor` is None on the last page.

    `asks` are the accounts whose entries are about something that the viewer wants to be asked about
    first. If `not_today`, the viewer wants to see nothing today, and there are no entries.
    """

    entries: list[FoundEntry]
    next_cursor: Cursor | None
    asks: Collection[UUID] = frozenset()
    not_today: bool = False


def of(account: Account) -> DirectoryEntry | None:
    """What `account` says in the directory; None if they haven't said that they want to be found."""
    return DirectoryEntry.objects.filter(account=account).first()


@transaction.atomic
def save(account: Account, said: Said, *, at: datetime) -> None:
    """Let `account` be found from now on, with exactly this: they have said yes. Whoever is found already keeps their place.

    Raises `ValueError` for words that are too long, or languages that are too many or none of ours.
    """
    _require_fitting(said)
    blocks.lock(account.pk)
    said_on = time_zones.day_of(account, at)
    DirectoryEntry.objects.get_or_create(account=account, defaults={"said_on": said_on})
    _write(account, said)
    name = Profile.objects.values_list("name", flat=True).get(account=account)
    texts.put_name(account.pk, name, may_be_found=True)


@transaction.atomic
def change(account: Account, said: Said) -> None:
    """Change what others read of `account`, who is found already. Raises `NotFound`, and `ValueError` as `save`."""
    _require_fitting(said)
    blocks.lock(account.pk)
    if of(account) is None:
        raise NotFound
    _write(account, said)


@disk_full.with_reserve
@transaction.atomic
def end(account: Account, *, at: datetime) -> None:
    """Let nobody find `account` any more, from the next request on, and delete what they said."""
    blocks.lock(account.pk)
    forget(account.pk)
    narrowings.record(Narrowing.Kind.DIRECTORY_LEFT, at=at, account=account.pk)


def forget(account_id: UUID) -> None:
    """Delete somebody's entry, also after a restore."""
    DirectoryEntry.objects.filter(account=account_id).delete()
    texts.put_name(account_id, "", may_be_found=False)


def found_by(viewer: Viewer) -> QuerySet[DirectoryEntry]:
    """Every entry that `viewer` may find, their own included, in no order. Without an account nobody finds any."""
    if viewer.account is None:
        return DirectoryEntry.objects.none()
    known = people_known_to(viewer.account)
    return DirectoryEntry.objects.filter(account__in=known.values("pk"))


def seen_by(viewer: Viewer, account_id: UUID, *, at: datetime) -> FoundEntry | None:
    """The entry of one person, as their page shows it to `viewer`; None if there is none for them."""
    found = _with_letters(found_by(viewer), at=at).filter(account=account_id)
    return found.prefetch_related("languages").first()


def asks_first(entry: DirectoryEntry, viewer: Viewer, *, at: datetime) -> bool:
    """Whether `viewer` wants to be asked before they read this entry, because of what it is about."""
    preferences = content_preferences.preferences_of(viewer, at=at)
    some = preferences.ask | preferences.not_for_now
    about = preferences.not_today or bool({entry.what, entry.when} & some)
    return about and entry.account_id != viewer.account


def people(
    viewer: Viewer, wanted: Wanted = ANYBODY, *, at: datetime, after: Cursor | None = None
) -> Page:
    """One page of the directory as `viewer` finds it at `at`, in the order in which people said so."""
    preferences = content_preferences.preferences_of(viewer, at=at)
    if preferences.not_today:
        return Page([], None, not_today=True)
    listed = _in_lists(viewer, preferences, after)
    found = _with_letters(found_by(viewer), at=at).filter(*listed, *_about(wanted))
    ordered = found.select_related("account__profile").order_by(*OLDEST)
    shown = list(_matching(ordered, wanted)[: PAGE + 1])
    next_cursor = None
    if len(shown) > PAGE:
        shown = shown[:PAGE]
        next_cursor = Cursor(shown[-1].said_on, shown[-1].account_id)
    prefetch_related_objects(shown, "languages")
    return Page(shown, next_cursor, _to_ask_about(shown, viewer, preferences))


def _require_fitting(said: Said) -> None:
    if (
        len(said.words.strip()) > DirectoryEntry.LONGEST_WORDS
        or len(said.languages) > MOST_LANGUAGES
    ):
        raise ValueError("this is more than an entry holds")
    if unknown := [code for code in said.languages if not languages.name_of(code)]:
        raise ValueError(f"{unknown} are no languages of ours")


def _write(account: Account, said: Said) -> None:
    DirectoryEntry.objects.filter(account=account).update(
        words=said.words.strip(), what=said.what or "", when=said.when or ""
    )
    DirectoryLanguage.objects.filter(entry=account.pk).delete()
    DirectoryLanguage.objects.bulk_create(
        DirectoryLanguage(entry_id=account.pk, code=code) for code in sorted(set(said.languages))
    )


def _with_letters(found: QuerySet[DirectoryEntry], *, at: datetime) -> QuerySet[FoundEntry]:
    would_like = people_who_would_like_letters(at=at).filter(pk=OuterRef("account"))
    return found.annotate(would_like_letters=Exists(would_like))


def _in_lists(viewer: Viewer, preferences: ContentPreferences, after: Cursor | None) -> list[Q]:
    """What a list leaves out: people whom the viewer has muted, and what they would rather not see."""
    muted = Mute.objects.filter(muter=viewer.account).values("muted")
    rather_not = preferences.not_for_now
    mine = Q(account=viewer.account)
    listed = [~Q(account__in=muted)] if preferences.mutes_some else []
    if rather_not:
        listed.append(mine | ~Q(what__in=rather_not) & ~Q(when__in=rather_not))
    if after is not None:
        same_day = Q(said_on=after.said_on, pk__gt=after.account)
        listed.append(Q(said_on__gt=after.said_on) | same_day)
    return listed


def _about(wanted: Wanted) -> list[Q]:
    read = DirectoryLanguage.objects.filter(code=wanted.language).values("entry")
    about = [Q(what=wanted.what)] if wanted.what else []
    about += [Q(when=wanted.when)] if wanted.when else []
    about += [Q(pk__in=read)] if wanted.language else []
    return [*about, Q(would_like_letters=True)] if wanted.to_write_to else about


def _matching(found: QuerySet[FoundEntry], wanted: Wanted) -> QuerySet[FoundEntry]:
    """Enough for a page of those with each of the words. Databases fold accents in different ways, so they are compared here."""
    words = folded(wanted.words[:LONGEST_LOOKED_FOR]).split()
    if not words:
        return found
    said = found.values_list("pk", "account__profile__name", "words").iterator()
    having = (pk for pk, name, own in said if _has(f"{name} {own}", words))
    return found.filter(pk__in=list(islice(having, PAGE + 1)))


def _has(said: str, words: list[str]) -> bool:
    there = folded(said)
    return all(word in there for word in words)


def _to_ask_about(
    shown: list[FoundEntry], viewer: Viewer, preferences: ContentPreferences
) -> Collection[UUID]:
    return {
        one.account_id
        for one in shown
        if one.account_id != viewer.account and {one.what, one.when} & preferences.ask
    }
