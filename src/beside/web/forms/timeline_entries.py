"""Writing an entry of a family's timeline. What was understood of its date is said back before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from beside.family import date_words
from beside.family.date_sentences import say, say_age
from beside.family.date_words import LONGEST_TYPED, Meaning
from beside.family.models import LONGEST_HEADING, LONGEST_WORDS, TimelineEntry
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from beside.web.forms.styled import TOO_LONG, NameField, StyledForm

Choices = Sequence[tuple[str, str | Promise]]
AS_WORDS = "words"


@dataclass(frozen=True)
class ToChoose:
    """The members whom an entry can be about, and the letters that it can point to."""

    members: Choices
    letters: Choices


class TimelineEntryForm(StyledForm):
    """An entry. It is valid once its writer has said which date was meant, or that their words are to stay as they are."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    when = forms.CharField(
        label=gettext_lazy("When was it?"),
        help_text=gettext_lazy(
            "As you know it: “14 March 2024”, “autumn 2019”, “about 2011”, “between 2010 and 2012”, “at 31 weeks”. It can be empty."
        ),
        max_length=LONGEST_TYPED,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("What you mean by that"), required=False, widget=forms.RadioSelect
    )
    heading = NameField(
        label=gettext_lazy("What happened"),
        max_length=LONGEST_HEADING,
        error_messages={"max_length": TOO_LONG},
    )
    words = forms.CharField(
        label=gettext_lazy("More, if you like"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )
    is_marked = forms.BooleanField(
        label=gettext_lazy("Give it the larger mark"),
        help_text=gettext_lazy(
            "For the days on which somebody came to you, and for any other that is as large."
        ),
        required=False,
    )
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Who is it about?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    letter = forms.ChoiceField(
        label=gettext_lazy("A letter that belongs to it"),
        help_text=gettext_lazy("Then only those who can read the letter see the entry."),
        required=False,
    )
    is_expected = forms.BooleanField(
        label=gettext_lazy("It belongs to a pregnancy that is going on"),
        help_text=gettext_lazy("If that ends, one press puts it away."),
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        to_choose: ToChoose,
        today: date,
        entry: TimelineEntry | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(entry))
        self.entry, self.readings = entry, []
        self._choose_from("members", to_choose.members)
        self._choose_from("letter", [("", gettext_lazy("None")), *to_choose.letters])
        if not to_choose.members:
            del self.fields["members"]
        typed = (data.get("when", "") if data is not None else "").strip()
        if typed:
            language = get_language() or "en"
            self.readings = date_words.read(typed, language=language, today=today)
        self._choose_from(
            "meaning",
            [
                *map(_reading, self.readings),
                (AS_WORDS, gettext_lazy("Keep my words as they are, without a date")),
            ],
        )

    def _choose_from(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def asks(self) -> bool:
        """Whether its writer is asked what they mean by their date."""
        return "meaning" in self.errors

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # A reading of what was typed before isn't one of what is typed now.
        self.errors.pop("meaning", None)
        chosen = cleaned.setdefault("meaning", "")
        if cleaned.get("when") and not chosen and not self._is_as_before(cleaned["when"]):
            self.add_error("meaning", self._question())
        return cleaned

    def entry_id(self) -> UUID:
        """The key under which the entry is kept: the same if the form is sent twice."""
        if self.entry is not None:
            return self.entry.pk
        return self.cleaned_data["id"] or uuid4()

    def text(self) -> EntryText:
        """What was typed and chosen."""
        data = self.cleaned_data
        return EntryText(
            data["when"],
            data["heading"],
            data["words"],
            is_marked=data["is_marked"],
            members=frozenset(UUID(one) for one in data.get("members", ())),
            post=UUID(data["letter"]) if data["letter"] else None,
            is_expected=data["is_expected"],
        )

    def meant(self) -> Meaning:
        """Which date was meant."""
        data = self.cleaned_data
        if not data["when"]:
            return NOT_UNDERSTOOD
        if not data["meaning"] and self.entry is not None:
            return self.entry.meaning
        return dict(zip(map(_token, self.readings), self.readings, strict=True)).get(
            data["meaning"], NOT_UNDERSTOOD
        )

    def _is_as_before(self, typed: str) -> bool:
        return self.entry is not None and self.entry.typed == typed

    def _question(self) -> str:
        if not self.readings:
            return _(
                "We can’t read that as a date, and won’t guess. Your words can stay as they are, at the end of the list, or you can write the date in another way above."
            )
        if len(self.readings) == 1:
            return _("This is how it was understood. Is that right?")
        return _("This can mean more than one thing. Which do you mean?")


def say_meaning(meaning: Meaning) -> str:
    """The date, the age, or both, in the language of whoever reads."""
    when = say(meaning.when) if meaning.when else ""
    age = say_age(meaning.age) if meaning.age else ""
    return _("%(date)s. %(age)s") % {"date": when, "age": age} if when and age else when or age


def _reading(meaning: Meaning) -> tuple[str, str]:
    return _token(meaning), say_meaning(meaning)


def _token(meaning: Meaning) -> str:
    when = f"{meaning.when.text()} {meaning.when.part}" if meaning.when else ""
    return f"{when}|{meaning.age.text() if meaning.age else ''}"


def _initial(entry: TimelineEntry | None) -> dict[str, Any]:
    if entry is None:
        return {"id": uuid4()}
    return {
        "when": entry.typed,
        "heading": entry.heading,
        "words": entry.words,
        "is_marked": entry.is_marked,
        "members": [str(one) for one in entry.members.values_list("pk", flat=True)],
        "letter": str(entry.post_id or ""),
        "is_expected": entry.is_expected,
    }
