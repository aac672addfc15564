"""A note of thanks for the person it is for, who has no account. The pages are in large text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beside.people.names import isolated
from beside.thanks.models import ThankYouNote
from beside.web.forms.thank_you_notes import TypedCodeForm
from beside.web.pages.responses import paragraphs


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
    """A note that was opened."""

    name: str
    paragraphs: Sequence[str]
    signature: str


def ask_page(note: ThankYouNote) -> AskPage:
    """The page at a note's address."""
    return AskPage(isolated(note.name))


def opened_page(note: ThankYouNote) -> OpenedPage:
    """The page of `note`, once it was asked for."""
    return OpenedPage(isolated(note.name), paragraphs(note.words), note.signature)
