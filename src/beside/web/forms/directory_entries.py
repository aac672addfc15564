"""What somebody says of themselves in the directory, and whom somebody looks for there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.finding.directory_entries import LONGEST_LOOKED_FOR, MOST_LANGUAGES, Said, Wanted
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.models import DirectoryEntry
from beside.posts import languages
from beside.web.forms.languages import LanguageSelect
from beside.web.forms.styled import StyledForm

WHAT = {
    WhatHappened.MISCARRIAGE: _("A miscarriage"),
    WhatHappened.BEFORE_BIRTH: _("A baby who died before birth"),
    WhatHappened.AFTER_BIRTH: _("A baby who died after birth"),
    WhatHappened.MEDICAL_REASONS: _("A pregnancy ended for medical reasons"),
    WhatHappened.MORE_THAN_ONE: _("More than one of these"),
    WhatHappened.SOMEBODY_ELSE: _("An older child or someone else died"),
}
WHEN = {
    AboutWhen.BEFORE_14_WEEKS: _("Before 14 weeks"),
    AboutWhen.WEEKS_14_TO_23: _("14 to 23 weeks"),
    AboutWhen.FROM_24_WEEKS: _("24 weeks or later"),
    AboutWhen.AFTER_BIRTH: _("After birth"),
}
_NOT_SAID = _("I’d rather not say")
_FROM_THE_LIST = {"invalid_choice": _("Choose one from the list, or leave it empty.")}
_LANGUAGES = [f"language_{number}" for number in range(1, MOST_LANGUAGES + 1)]


class DirectoryEntryForm(StyledForm):
    """An entry. Whoever isn't found yet (`is_new`) must say yes in so many words."""

    words = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "Such as whom you’d like to hear from, and about what. You can leave it empty."
        ),
        max_length=DirectoryEntry.LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    what = forms.ChoiceField(
        label=_("What happened"), required=False, error_messages=_FROM_THE_LIST
    )
    when = forms.ChoiceField(
        label=_("About when in the pregnancy"), required=False, error_messages=_FROM_THE_LIST
    )
    language_1 = forms.ChoiceField(label=_("A language you read"), required=False)
    language_2 = forms.ChoiceField(label=_("Another language"), required=False)
    language_3 = forms.ChoiceField(label=_("A third language"), required=False)
    agrees = forms.BooleanField(
        label=_("Let people who have an account here find me"),
        help_text=_("They can then open your page too. You can end this at any time, at once."),
        error_messages={"required": _("Nobody finds you until you’ve ticked this.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        is_new: bool,
    ) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "what", WHAT, _NOT_SAID)
        _offer(self, "when", WHEN, _NOT_SAID)
        for name in _LANGUAGES:
            self.fields[name].widget = LanguageSelect(attrs={"class": "in"})
            self.fields[name].error_messages.update(_FROM_THE_LIST)
            _offer(self, name, languages.names(), _("None"))
        if not is_new:
            del self.fields["agrees"]

    def need_no_yes(self) -> None:
        """Take it without the yes, as a preview shows nothing to anybody."""
        if "agrees" in self.fields:
            self.fields["agrees"].required = False

    def said(self) -> Said:
        """What was typed, once the form is valid."""
        found = self.cleaned_data
        return Said(
            words=found["words"],
            what=WhatHappened(found["what"]) if found["what"] else None,
            when=AboutWhen(found["when"]) if found["when"] else None,
            languages=[code for code in dict.fromkeys(map(found.get, _LANGUAGES)) if code],
        )


class FindForm(StyledForm):
    """Whom somebody looks for. An unknown value counts as anything."""

    q = forms.CharField(
        label=_("A name, a place, a word"),
        max_length=LONGEST_LOOKED_FOR,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    what = forms.ChoiceField(label=_("What happened"), required=False)
    when = forms.ChoiceField(label=_("About when in the pregnancy"), required=False)
    language = forms.ChoiceField(
        label=_("A language they read"), required=False, widget=LanguageSelect
    )
    write = forms.BooleanField(label=_("Who’d like to be written to"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        _offer(self, "what", WHAT, _("Anything"))
        _offer(self, "when", WHEN, _("Any time"))
        _offer(self, "language", languages.names(), _("Any language"))
        self.full_clean()

    def wanted(self) -> Wanted:
        """Who is looked for."""
        found = self.cleaned_data
        return Wanted(
            words=found.get("q", "").strip(),
            what=WhatHappened(found["what"]) if found.get("what") else None,
            when=AboutWhen(found["when"]) if found.get("when") else None,
            language=found.get("language", ""),
            to_write_to=found.get("write", False),
        )


def initial_of(entry: DirectoryEntry) -> dict[str, str]:
    """What a form begins with for what was said before."""
    codes = entry.languages.order_by("pk").values_list("code", flat=True)
    said = {"words": entry.words, "what": entry.what, "when": entry.when}
    return said | dict(zip(_LANGUAGES, codes, strict=False))


def _offer(form: forms.Form, name: str, choices: dict[Any, Any], none: object) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", none), *choices.items()]
