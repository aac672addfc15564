"""What was found, part by part: people, one's own letters and photographs, letters of others, and the shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from beside.access.feeds import Cursor, Page
from beside.access.policy import SeenPost, Viewer
from beside.finding import names, search, shelf
from beside.finding.shelf import Wanted
from beside.index.analysis import Query
from beside.index.sentences import Sentence, plain, sentence_with
from beside.people.models import Account
from beside.posts import indexed_texts
from beside.posts.models import Facet
from beside.web.forms.search import PARTS, SearchForm
from beside.web.pages.content_preferences import Question
from beside.web.pages.feed import questions
from beside.web.pages.letter import Writer, title_of, writers_of, written_on


@dataclass(frozen=True)
class Hit:
    """A letter that was found, and its sentence; empty if it was found by its title. `of_photograph`: a caption's."""

    id: UUID
    title: str
    by: Sequence[Writer]
    written_on: date | None
    state: str
    sentence: Sentence
    of_photograph: bool = False


@dataclass(frozen=True)
class PhotographHit:
    """A photograph of one's own that was found, and the sentence about it. It isn't shown."""

    id: UUID
    sentence: Sentence


@dataclass(frozen=True)
class Person:
    """Somebody who was found by name."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Part:
    """What was found in one part (`forms.search.PARTS`). `further` is the address of the rest; empty at the end."""

    name: str
    hits: Sequence[Hit | PhotographHit | Question]
    further: str


@dataclass(frozen=True)
class SearchPage:
    """`is_asked`: there is a word to look for. `is_one`: one part alone is shown."""

    form: SearchForm
    people: Sequence[Person]
    parts: Sequence[Part]
    is_asked: bool
    is_one: bool
    is_not_today: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not self.people and not any(part.hits for part in self.parts)


@dataclass(frozen=True)
class _Asked:
    """Who asks for what."""

    query: Query
    account: Account
    viewer: Viewer
    at: datetime
    typed: str


def search_page(account: Account, viewer: Viewer, asked: QueryDict, *, at: datetime) -> SearchPage:
    """What `account` finds for the query `asked`. Raises `NothingToSee` for an address that none of our pages gave."""
    form, before = SearchForm(asked), asked.get("before")
    one = form.part()
    by = _Asked(form.query(), account, viewer, at, form.typed())
    cursor = Cursor.read(before) if before and one else None
    wanted = [one] if one else PARTS
    parts = [_PART_OF[name](by, cursor) for name in wanted] if by.query else []
    found = names.people_called(by.query, account.pk) if by.query and not one else []
    return SearchPage(
        form=form,
        people=[Person(person.pk, str(person.profile.name)) for person in found],
        parts=_each_once([part for part, _ in parts]),
        is_asked=bool(by.query),
        is_one=bool(one),
        is_not_today=any(not_today for _, not_today in parts),
    )


def _letters(by: _Asked, before: Cursor | None) -> tuple[Part, bool]:
    found = search.own_letters(by.account, by.query, by.viewer, at=by.at, before=before)
    return _part("letters", _hits(found.posts, by.query), found.next_cursor, by), False


def _photographs(by: _Asked, before: Cursor | None) -> tuple[Part, bool]:
    found = search.own_photographs(by.query, by.viewer, at=by.at, before=before)
    said = indexed_texts.texts_of_photographs(found.photos) if found.photos else {}
    hits = []
    for photo in found.photos:
        sentence = sentence_with(said[photo.pk], indexed_texts.language_of(photo), by.query)
        hits += [PhotographHit(photo.pk, sentence)] if sentence else []
    return _part("photographs", hits, found.next_cursor, by), False


def _given(by: _Asked, before: Cursor | None) -> tuple[Part, bool]:
    found = search.letters_given(by.query, by.viewer, at=by.at, before=before)
    captions = _captions(found, by.query)
    hits = _hits(found.page.posts, by.query, asks=found.page.asks, captions=captions)
    return _part("given", hits, found.page.next_cursor, by), found.page.not_today


def _shelf(by: _Asked, before: Cursor | None) -> tuple[Part, bool]:
    found: Page = shelf.letters(by.viewer, Wanted(query=by.query), at=by.at, before=before)
    hits = _hits(found.posts, by.query, asks=found.asks)
    return _part("shelf", hits, found.next_cursor, by), found.not_today


_PART_OF = {"letters": _letters, "photographs": _photographs, "given": _given, "shelf": _shelf}


def _part(
    name: str, hits: Sequence[Hit | PhotographHit | Question], cursor: Cursor | None, by: _Asked
) -> Part:
    further = {"q": by.typed, "in": name, "before": str(cursor)} if cursor else {}
    return Part(name, hits, f"?{urlencode(further)}" if further else "")


def _each_once(parts: list[Part]) -> list[Part]:
    """Letters on the shelf that are one's own, or were given to one as well, are told once, further up."""
    told: set[UUID] = set()
    kept = []
    for part in parts:
        kept.append(Part(part.name, [hit for hit in part.hits if hit.id not in told], part.further))
        told |= {hit.id for hit in part.hits}
    return kept


def _hits(
    posts: Sequence[SeenPost],
    query: Query,
    *,
    asks: Mapping[UUID, list[Facet]] = MappingProxyType({}),
    captions: Mapping[UUID, Sentence] = MappingProxyType({}),
) -> list[Hit | Question]:
    """A hit for each letter, or the question that its reader wants to be asked. What has the words no more is left out."""
    met = [post for post in posts if post.pk not in asks]
    writers, said = writers_of([post.pk for post in met]), indexed_texts.texts_of(met)
    closed = questions(asks)
    found: list[Hit | Question] = []
    for post in posts:
        if post.pk in closed:
            found.append(closed[post.pk])
            continue
        sentence = sentence_with(said[post.pk], post.language, query)
        of_photograph = sentence is None
        if sentence := captions.get(post.pk) if sentence is None else sentence:
            found.append(_hit(post, writers[post.pk], sentence, of_photograph=of_photograph))
    return found


def _hit(
    post: SeenPost, writers: Sequence[Writer], sentence: Sentence, *, of_photograph: bool
) -> Hit:
    is_title = not of_photograph and plain(sentence).strip() == post.title.strip()
    return Hit(
        id=post.pk,
        title=title_of(post),
        by=writers,
        written_on=written_on(post),
        state=post.state,
        sentence=() if is_title else sentence,
        of_photograph=of_photograph,
    )


def _captions(found: search.Given, query: Query) -> dict[UUID, Sentence]:
    """By letter, the sentence about the first photograph in it that lies open and was found."""
    captions: dict[UUID, Sentence] = {}
    if not found.photos:
        return captions
    photos = search.photographs([photo for some in found.photos.values() for photo in some])
    said = indexed_texts.texts_of_photographs(photos)
    for photo in photos:
        sentence = sentence_with(said[photo.pk], indexed_texts.language_of(photo), query)
        if sentence and photo.placed.post_id in found.photos:
            captions.setdefault(photo.placed.post_id, sentence)
    return captions
