"""The directory, as somebody finds people in it, and the page on which somebody says that they want to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from beside.access.policy import Viewer
from beside.finding import directory_entries
from beside.finding.directory_entries import ANYBODY, Cursor, FoundEntry, Said
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.responses.private_letter_policy import people_who_would_like_letters
from beside.web.forms.directory_entries import WHAT, WHEN, DirectoryEntryForm, FindForm
from beside.web.forms.languages import names_of
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Line:
    """What others read of somebody. If `asks_first`, the reader wants to be asked before they read it."""

    id: UUID
    name: str
    words: str
    what: str
    when: str
    reads: str
    would_like_letters: bool
    asks_first: bool = False

    @property
    def says_something(self) -> bool:
        """Whether there is more than a name."""
        return bool(self.words or self.what or self.when)


@dataclass(frozen=True)
class FindPage:
    """One page of the directory. `further` is the address of the next; empty at the end. `is_narrowed`: somebody is looked for."""

    form: FindForm
    lines: Sequence[Line]
    further: str
    is_narrowed: bool
    is_not_today: bool


@dataclass(frozen=True)
class DirectoryEntryPage:
    """What others find now, if anything; what they would find after saving the form; and the form."""

    now: Line | None
    preview: Line | None
    form: DirectoryEntryForm


def find_page(viewer: Viewer, asked: QueryDict, *, at: datetime) -> FindPage:
    """Whom `viewer` finds for the query `asked`. Raises `NothingToSee` for an address that none of our pages gave."""
    form, after = FindForm(asked), asked.get("after")
    wanted = form.wanted()
    found = directory_entries.people(
        viewer, wanted, at=at, after=Cursor.read(after) if after else None
    )
    return FindPage(
        form=form,
        lines=[
            line_of(one, one.account, asks_first=one.account_id in found.asks)
            for one in found.entries
        ],
        further=_address_after(found.next_cursor, form),
        is_narrowed=wanted != ANYBODY,
        is_not_today=found.not_today,
    )


def directory_entry_page(
    me: Account, form: DirectoryEntryForm, *, at: datetime, previewed: Said | None = None
) -> DirectoryEntryPage:
    """The page of `me`; `previewed` is what they typed and would like to see as others would."""
    now = directory_entries.seen_by(Viewer(me.pk), me.pk, at=at)
    would_like = people_who_would_like_letters(at=at).filter(pk=me.pk).exists()
    return DirectoryEntryPage(
        now=line_of(now, me) if now else None,
        preview=_as_read(me, previewed, would_like=would_like) if previewed else None,
        form=form,
    )


def line_of(entry: FoundEntry, of: Account, *, asks_first: bool = False) -> Line:
    """What others read of the entry of the account `of`."""
    said = Said(
        words=entry.words,
        what=WhatHappened(entry.what) if entry.what else None,
        when=AboutWhen(entry.when) if entry.when else None,
        languages=[one.code for one in entry.languages.all()],
    )
    return _as_read(of, said, would_like=entry.would_like_letters, asks_first=asks_first)


def entry_on_page(person: Account, viewer: Viewer, *, at: datetime) -> Line | None:
    """What `person`'s page shows `viewer` of their entry; None if `viewer` finds none."""
    # `person_for` has looked whether there is one.
    is_said = hasattr(person, "directory_entry")
    entry = directory_entries.seen_by(viewer, person.pk, at=at) if is_said else None
    if entry is None:
        return None
    asks_first = directory_entries.asks_first(entry, viewer, at=at)
    return line_of(entry, person, asks_first=asks_first)


def in_words(me: Account) -> str:
    """Whether `me` is found, as a short phrase."""
    if directory_entries.of(me) is None:
        return _("By nobody, until you say so")
    return _("By people here who look for others")


def _as_read(me: Account, said: Said, *, would_like: bool, asks_first: bool = False) -> Line:
    # A baby who died after birth died after birth.
    is_said_already = (said.what, said.when) == (WhatHappened.AFTER_BIRTH, AboutWhen.AFTER_BIRTH)
    return Line(
        id=me.pk,
        name=name_of(me),
        words=said.words.strip(),
        what=str(WHAT[said.what]) if said.what else "",
        when=str(WHEN[said.when]) if said.when and not is_said_already else "",
        reads=in_a_row(names_of(said.languages)),
        would_like_letters=would_like,
        asks_first=asks_first,
    )


def _address_after(cursor: Cursor | None, form: FindForm) -> str:
    if cursor is None:
        return ""
    asked = {
        name: "on" if value is True else value for name, value in form.cleaned_data.items() if value
    }
    return f"?{urlencode({**asked, 'after': str(cursor)})}"
