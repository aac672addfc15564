"""The open shelf, as somebody finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict

from beside.access.feeds import Cursor
from beside.access.policy import SeenPost, Viewer
from beside.finding import shelf
from beside.finding.shelf import ANYTHING
from beside.index.analysis import Query
from beside.index.sentences import Sentence, plain, sentence_with
from beside.posts import indexed_texts
from beside.web.forms.shelf import LookForm
from beside.web.pages import feed
from beside.web.pages.content_preferences import Question
from beside.web.pages.feed import Entry


@dataclass(frozen=True)
class ShelfPage:
    """One page of the shelf. `further` is the address of the next; empty at the end. `is_narrowed`: something is looked for."""

    form: LookForm
    entries: Sequence[Entry | Question]
    further: str
    is_narrowed: bool
    is_not_today: bool


def shelf_page(viewer: Viewer, asked: QueryDict, *, at: datetime) -> ShelfPage:
    """What `viewer` finds there for the query `asked`. Raises `NothingToSee` for an address that none of our pages gave."""
    form, before = LookForm(asked), asked.get("before")
    wanted = form.wanted()
    found = shelf.letters(viewer, wanted, at=at, before=Cursor.read(before) if before else None)
    entries = feed.entries(found.posts, viewer, at=at, asks=found.asks, with_photographs=False)
    return ShelfPage(
        form=form,
        entries=_with_sentences(entries, found.posts, wanted.query) if wanted.query else entries,
        further=_address_after(found.next_cursor, form),
        is_narrowed=wanted != ANYTHING,
        is_not_today=found.not_today,
    )


def _with_sentences(
    entries: Sequence[Entry | Question], posts: Sequence[SeenPost], query: Query
) -> list[Entry | Question]:
    """Each letter with the sentence that has the words, or its opening if its title has them."""
    language_of = {post.pk: post.language for post in posts}
    said = indexed_texts.texts_of(posts)
    return [
        one
        if isinstance(one, Question)
        else replace(one, sentence=_sentence(one, said[one.id], language_of[one.id], query))
        for one in entries
    ]


def _sentence(entry: Entry, text: str, language: str, query: Query) -> Sentence:
    found = sentence_with(text, language, query) or ()
    return () if plain(found) == entry.title else found


def _address_after(cursor: Cursor | None, form: LookForm) -> str:
    if cursor is None:
        return ""
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    return f"?{urlencode({**asked, 'before': str(cursor)})}"
