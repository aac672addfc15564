"""The language in which a letter is written."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.posts import languages
from beside.web.forms.languages import LanguageSelect
from beside.web.forms.styled import StyledForm


class LanguageForm(StyledForm):
    """The language of a letter."""

    LANGUAGE = "language"
    language = forms.ChoiceField(
        label=_("The language it’s written in"),
        help_text=_("Readers can look for it, and a screen reader speaks it."),
        required=False,
        widget=LanguageSelect,
        error_messages={"invalid_choice": _("Choose one from the list, or leave it empty.")},
    )

    def __init__(self, data: QueryDict | None = None, *, chosen: str = "") -> None:
        super().__init__(data, initial={"language": chosen})
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("We’d rather not say")), *languages.names().items()]
