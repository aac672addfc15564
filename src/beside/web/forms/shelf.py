"""What somebody looks for on the open shelf."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.finding.shelf import Wanted
from beside.index.analysis import query_of
from beside.posts import languages
from beside.posts.models import Facet
from beside.web.forms.facets import LABELS
from beside.web.forms.languages import LanguageSelect
from beside.web.forms.search import WordsField
from beside.web.forms.styled import StyledForm

WHAT = (
    Facet.MISCARRIAGE,
    Facet.BEFORE_BIRTH,
    Facet.AFTER_BIRTH,
    Facet.MEDICAL_REASONS,
    Facet.ILLNESS,
    Facet.SOMEBODY_ELSE,
)
WHEN = (Facet.BEFORE_14_WEEKS, Facet.WEEKS_14_TO_23, Facet.FROM_24_WEEKS)
AND = (Facet.TWINS, Facet.MORE_THAN_ONE, Facet.AFTER_TREATMENT, Facet.PREGNANT_AGAIN)


class LookForm(StyledForm):
    """What the letters are to be about, and their language. An unknown value counts as anything."""

    q = WordsField(label=_("A word, or half a word"), required=False)
    what = forms.ChoiceField(label=_("What happened"), required=False)
    when = forms.ChoiceField(label=_("About when in the pregnancy"), required=False)
    more = forms.ChoiceField(label=_("And"), required=False)
    language = forms.ChoiceField(label=_("Written in"), required=False, widget=LanguageSelect)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, facets in (("what", WHAT), ("when", WHEN), ("more", AND)):
            self._offer(name, [(one.value, LABELS[one]) for one in facets])
        self._offer("language", list(languages.names().items()))
        self.full_clean()

    def wanted(self) -> Wanted:
        """What is looked for."""
        found = self.cleaned_data
        facets = (found.get(name) for name in ("what", "when", "more"))
        return Wanted(
            frozenset(Facet(one) for one in facets if one),
            found.get("language") or "",
            query_of(found.get("q") or ""),
        )

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Anything") if name != "language" else _("Any language")), *choices]
