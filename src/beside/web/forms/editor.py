"""What is typed on the page "Write": the letter, and what a reader should know before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.posts.autosave import EditorPage
from beside.posts.text import FIELDS, Text
from beside.web.forms.choices import Choice
from beside.web.forms.styled import StyledForm

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Characters: many times the longest letter there is. A request may hold four megabytes.
LONGEST_LETTER = 1_000_000
TOO_LONG = _(
    "This is longer than there’s room for here. It’s still on the page; a little less will fit."
)

IN_THEM = [
    ("died", _("A baby or child who has died")),
    ("face", _("Their face")),
    ("hospital", _("A hospital")),
    ("crying", _("People crying")),
    ("blood", _("Blood")),
    ("medical", _("Something medical")),
]


class Typed(forms.CharField):
    """Words exactly as they were typed; only line ends are normalised."""

    def __init__(
        self,
        *,
        label: str | StrPromise,
        max_length: int,
        rows: int = 0,
        help_text: str | StrPromise = "",
        one_line: bool = False,
        attrs: dict[str, str] | None = None,
    ) -> None:
        attrs = attrs or {}
        self.one_line = one_line
        widget = forms.Textarea({"rows": str(rows), **attrs}) if rows else forms.TextInput(attrs)
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            strip=False,
            max_length=max_length,
            widget=widget,
            error_messages={"max_length": TOO_LONG},
        )

    def to_python(self, value: object) -> str:
        typed = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return typed.replace("\n", " ") if self.one_line else typed

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """No `maxlength`: a browser would silently cut off what is pasted."""
        return {}


class LetterForm(StyledForm):
    """The letter. `version` is the one that the page was last saved as; `over` the one that readers see."""

    page = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.IntegerField(widget=forms.HiddenInput)
    # A long title wraps, and its line ends become spaces.
    title = Typed(
        label=_("A title, if you like"),
        rows=1,
        max_length=200,
        one_line=True,
        attrs={"class": "name", "enterkeyhint": "next"},
    )
    about_when = Typed(
        label=_("When it was, if you like"),
        help_text=_("As you’d say it: “autumn 2019”, “20 weeks”, “December 2011”."),
        max_length=80,
    )
    words = Typed(
        label=_("As much or as little as you want"),
        rows=9,
        max_length=LONGEST_LETTER,
        attrs={"class": "letter"},
    )
    veiled = forms.BooleanField(
        label=_("Keep the photographs folded until a reader asks"),
        help_text=_("Until then, none of them leaves this place."),
        required=False,
    )
    note = Typed(
        label=_("What should a reader know first?"),
        help_text=_(
            "Plain and exact is kindest. Say who is in the photographs, whether they’re alive, and what"
            " can be seen. Say what can’t be seen, too."
        ),
        rows=4,
        max_length=2000,
    )
    note_shows = forms.MultipleChoiceField(
        label=_("In them"),
        choices=[(value, Choice(label)) for value, label in IN_THEM],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def based_on(self) -> EditorPage:
        """This page, and the version that it was last saved as."""
        return EditorPage(self.cleaned_data["page"], self.cleaned_data["version"])

    def shown_as(self) -> EditorPage:
        """This page, and the version that readers see."""
        return EditorPage(self.cleaned_data["page"], self.cleaned_data["over"])


def typed_text(letter: LetterForm) -> Text:
    """What was typed, from a valid form. Its photographs are on pages of their own."""
    typed = letter.cleaned_data
    return Text(
        typed={name: typed[name] for name in FIELDS},
        note_shows=tuple(typed["note_shows"]),
        veiled=typed["veiled"],
    )


def initial(text: Text) -> dict[str, Any]:
    """The initial values of a `LetterForm` that shows `text`."""
    return {
        **text.typed,
        "note_shows": list(text.note_shows),
        "veiled": text.veiled,
    }
