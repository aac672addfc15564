"""Writing a note of thanks, and typing the code of one."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.people.names import clean
from beside.responses.models import LONGEST_RESPONSE, ReadFirst
from beside.thanks.answers import AnswerText
from beside.thanks.models import LONGEST_NAME, LONGEST_NOTE, ThankYouNote, Way
from beside.thanks.thank_you_notes import NoteText, Sending
from beside.web.forms.choices import Choice
from beside.web.forms.responses import WordsForm
from beside.web.forms.styled import NEEDED, TOO_LONG, NameField, StyledForm

READ_FIRST = [
    (
        int(ReadFirst.AUTHORS),
        Choice(_("I do"), _("Kind or not, it comes to you as it was sent.")),
    ),
    (
        int(ReadFirst.NOBODY),
        Choice(
            _("Nobody: let it wait"),
            _("Nobody reads it and nobody is told, until you choose otherwise."),
        ),
    ),
]
SHEET = "sheet"
WAYS = [
    (
        Way.TEAM.value,
        Choice(
            Way.TEAM.label,
            _(
                "They print a card and find the person. They read whom it’s for and whom it’s from, not your"
                " words; but whoever holds the card can open it."
            ),
        ),
    ),
    (
        Way.LINK.value,
        Choice(Way.LINK.label, _("It opens once the person asks for it, and you can stop it.")),
    ),
    (
        Way.PRINT.value,
        Choice(
            Way.PRINT.label,
            _("One postcard (A6), with an address to type and a square for a phone’s camera."),
        ),
    ),
    (
        SHEET,
        Choice(
            _("Let me print four"),
            _(
                "The same card four times on a sheet (A4), for a ward. It takes one answer from all of them."
            ),
        ),
    ),
]


class ThankYouNoteForm(StyledForm):
    """To whom, the words, from whom, and how it should reach them. With the hidden `id` it is sent only once.

    Only a note that is sent needs to be whole (`is_sent`).
    """

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = NameField(
        label=_("To whom?"),
        help_text=_("A name is enough, or “the night porter, 14 March”."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
    words = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={"max_length": TOO_LONG},
    )
    signature = NameField(
        label=_("From whom?"),
        help_text=_("As you’d like to be called here: “Anna, Jonas, and Emil”."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
    read_first = forms.TypedChoiceField(
        label=_("They can answer once. Who reads that first?"),
        help_text=_(
            "It’s asked this once. You can have somebody read first for you, too: it’s under You."
        ),
        choices=READ_FIRST,
        coerce=lambda typed: ReadFirst(int(typed)),
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("How should it reach them?"),
        choices=WAYS,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        note: ThankYouNote | None = None,
        has_team: bool,
        asks_who_reads: bool,
    ) -> None:
        super().__init__(data, initial=_initial(note, has_team=has_team))
        self.note = note
        if not asks_who_reads:
            del self.fields["read_first"]
        if not has_team:
            self.fields["way"].choices = WAYS[1:]  # type: ignore[attr-defined]
        # A browser would cut what is longer, without a word.
        for name in ("name", "words", "signature"):
            self.fields[name].widget.attrs.pop("maxlength", None)

    @property
    def is_sent(self) -> bool:
        """Whether the note is to be sent, and not only kept."""
        return bool(self.data.get("do") == "send")

    def clean(self) -> dict[str, Any]:
        """A note that is sent says to whom, and has words; one that is kept has something."""
        typed = super().clean() or {}
        if self.is_sent:
            for field, sentence in _NEEDED.items():
                is_empty = not str(typed.get(field) or "").strip()
                if field in self.fields and is_empty and field not in self.errors:
                    self.add_error(field, sentence)
        elif not self.errors and not any(
            typed[name].strip() for name in ("name", "words", "signature")
        ):
            self.add_error(None, NEEDED_TO_KEEP)
        return typed

    def note_id(self) -> UUID:
        """The id to keep it under, once the form is valid."""
        if self.note is not None:
            return self.note.pk
        found: UUID = self.cleaned_data["id"] or uuid4()
        return found

    def text(self) -> NoteText:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        return NoteText(typed["name"], typed["words"], typed["signature"])

    def sending(self) -> Sending:
        """How it should reach them, and who reads their answer first, once a form that sends is valid."""
        chosen = self.cleaned_data["way"]
        way = Way.PRINT if chosen == SHEET else Way(chosen)
        return Sending(way, self.cleaned_data.get("read_first"))

    def is_for_sheet(self) -> bool:
        """Whether it is to be printed four times on a sheet."""
        return bool(self.cleaned_data["way"] == SHEET)


NEEDED_TO_KEEP = _("There’s nothing written here yet.")
_NEEDED = {
    "name": _("To whom? A name is enough."),
    "words": _("There’s nothing written here yet. One sentence is enough."),
    "read_first": _("Say who reads an answer first."),
    "way": _("Choose how it should reach them."),
}


def _initial(note: ThankYouNote | None, *, has_team: bool) -> dict[str, object]:
    way = Way.TEAM if has_team else Way.LINK
    if note is None:
        return {"id": uuid4(), "way": way}
    return {"name": note.name, "words": note.words, "signature": note.signature, "way": way}


class TypedCodeForm(StyledForm):
    """The code of a note, as it was typed from a card, or the whole address."""

    code = forms.CharField(
        label=_("The address on your card"),
        help_text=_("Its last ten signs are enough. Capitals and small letters are the same."),
        max_length=400,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "off", "dir": "ltr"}),
        error_messages={"required": NEEDED},
    )

    def clean_code(self) -> str:
        """The code alone."""
        typed = re.sub(r"\s", "", clean(self.cleaned_data["code"]))
        return typed.rstrip("/").rpartition("/")[2]


class AnswerForm(WordsForm):
    """What the person whom a note is for answers, and the name they sign with."""

    words = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_RESPONSE,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={
            "required": _("There’s nothing written here yet. One sentence is enough."),
            "max_length": TOO_LONG,
        },
    )
    signed = NameField(
        label=_("Your name"),
        help_text=_("As they know you. A first name is enough."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": _("What’s your name? A first name is enough."),
            "max_length": TOO_LONG,
        },
    )

    def text(self) -> AnswerText:
        """What to send, once the form is valid."""
        return AnswerText(self.cleaned_data["signed"], self.cleaned_data["words"])
