"""A note of thanks for the person it is for, who has no account. The pages are in large text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from beside.people.names import isolated
from beside.responses import policy
from beside.thanks.models import ThankYouNote
from beside.web.forms.thank_you_notes import AnswerForm, TypedCodeForm
from beside.web.pages.responses import paragraphs, read_first_by


@dataclass(frozen=True)
class TypePage:
    """The field for a code; `says` tells why the last one opened nothing."""

    form: TypedCodeForm
    says: str = ""


@dataclass(frozen=True)
class AskPage:
    """A note that waits to be opened: only for whom it is."""

    name: str


@dataclass(frozen=True)
class OpenedPage:
    """A note that was opened, and the form for the one answer to it. `readers` says who reads that first."""

    name: str
    paragraphs: Sequence[str]
    signature: str
    form: AnswerForm
    readers: str


def ask_page(note: ThankYouNote) -> AskPage:
    """The page at a note's address."""
    return AskPage(isolated(note.name))


def opened_page(note: ThankYouNote, form: AnswerForm) -> OpenedPage:
    """The page of `note`, once it was asked for."""
    return OpenedPage(
        name=isolated(note.name),
        paragraphs=paragraphs(note.words),
        signature=note.signature,
        form=form,
        readers=_readers(note),
    )


def _readers(note: ThankYouNote) -> str:
    """Who reads an answer first. It doesn't name the note's author, who may have signed it otherwise."""
    readers = policy.readers_of(note.author, None)
    if not readers:
        return _("Nobody reads what comes at the moment. It waits, and nobody is told.")
    if readers == [note.author]:
        return _("It goes straight to the person who wrote to you.")
    return read_first_by(readers)
