"""Notes of thanks as their author sees them. Nobody is told whether one was ever opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import name_of
from beside.thanks import answers, policy, thank_you_notes
from beside.thanks.models import ThankYouNote, Way
from beside.web.forms.thank_you_notes import ThankYouNoteForm
from beside.web.pages.cards import PrintedAddress, printed_address
from beside.web.pages.responses import Said, paragraphs, said


@dataclass(frozen=True)
class Line:
    """One note. `way` is empty for a draft; `handed_over_by` is too where that account no longer exists."""

    id: UUID
    name: str
    paragraphs: Sequence[str]
    signature: str
    way: str
    sent_at: datetime | None
    ends_at: datetime | None
    has_ended: bool
    handed_over_at: datetime | None
    handed_over_by: str


@dataclass(frozen=True)
class NoteCard:
    """One card to print: for whom, from whom, and its address."""

    name: str
    signature: str
    address: PrintedAddress


@dataclass(frozen=True)
class Made:
    """What a note has just got: an address to copy, or `cards` to print. Either is shown once."""

    address: str = ""
    cards: Sequence[NoteCard] = ()

    @property
    def is_sheet(self) -> bool:
        """Whether the cards are printed on sheets of four."""
        return len(self.cards) > 1


@dataclass(frozen=True)
class ThankYouNotesPage:
    """All notes, drafts first, and the form for one more."""

    drafts: Sequence[Line]
    notes: Sequence[Line]
    form: ThankYouNoteForm


@dataclass(frozen=True)
class ThankYouNotePage:
    """One note: the form while it is a draft, and what can be done with it afterwards.

    `answer` is the answer, once it was passed on.
    """

    line: Line
    answer: Said | None
    form: ThankYouNoteForm | None
    made: Made | None


def thank_you_notes_page(me: Account, form: ThankYouNoteForm, *, at: datetime) -> ThankYouNotesPage:
    """The page of `me`'s notes."""
    lines = [_line(note, at=at) for note in thank_you_notes.of(me)]
    return ThankYouNotesPage(
        drafts=[line for line in lines if not line.way],
        notes=[line for line in lines if line.way],
        form=form,
    )


def thank_you_note_page(
    note: ThankYouNote, form: ThankYouNoteForm | None, *, made: Made | None = None, at: datetime
) -> ThankYouNotePage:
    """The page of one note, which comes from `thank_you_notes.own`."""
    passed_on = answers.passed_on_to(note.author, note, at=at)
    answer = said(passed_on) if passed_on else None
    return ThankYouNotePage(_line(note, at=at), answer, form if not note.way else None, made)


def note_form(
    me: Account, data: QueryDict | None = None, *, note: ThankYouNote | None = None
) -> ThankYouNoteForm:
    """The form, with the team among the ways if there is one for `me`, and what `me` has still to choose."""
    return ThankYouNoteForm(
        data,
        note=note,
        has_team=policy.team_of(me).exists(),
        asks_who_reads=thank_you_notes.asks_who_reads_first(me),
    )


def made(note: ThankYouNote, code: str, *, for_sheet: bool) -> Made | None:
    """What to show of a code that was just made; None if there is none."""
    if not code:
        return None
    if note.way == Way.LINK:
        return Made(address=address_of(code))
    return Made(cards=[note_card(note, code)] * (4 if for_sheet else 1))


def note_card(note: ThankYouNote, code: str) -> NoteCard:
    """The card of `note`, with this code."""
    return NoteCard(
        isolated(note.name), isolated(note.signature), printed_address(address_of(code))
    )


def address_of(code: str) -> str:
    """The whole address of the note with this code."""
    return settings.BESIDE.url.rstrip("/") + reverse("thank_you_note_by_code", args=[code])


def _line(note: ThankYouNote, *, at: datetime) -> Line:
    return Line(
        id=note.pk,
        name=isolated(note.name),
        paragraphs=paragraphs(note.words),
        signature=note.signature,
        way=note.way,
        sent_at=note.sent_at,
        ends_at=note.ends_at,
        # That it was answered is told by the answer, and only if it is passed on.
        has_ended=note.ended_at is not None or (note.ends_at is not None and note.ends_at <= at),
        handed_over_at=note.handed_over_at,
        handed_over_by=name_of(note.handed_over_by) if note.handed_over_by else "",
    )
