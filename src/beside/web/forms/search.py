"""The words that somebody looks for, and where."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.index.analysis import LONGEST_QUERY, Query, query_of
from beside.web.forms.styled import StyledForm

PARTS = ("letters", "photographs", "given", "shelf")


class WordsField(forms.CharField):
    """A field for what is looked for. It takes anything: what can't be looked for is left out."""

    def to_python(self, value: object) -> str:
        """The beginning of it, without what no word has."""
        typed = "" if value is None else str(value)
        return "".join(one for one in typed[: 5 * LONGEST_QUERY] if one.isprintable()).strip()[
            :LONGEST_QUERY
        ]


class SearchForm(StyledForm):
    """What is looked for, and in which part; an unknown part is all of them."""

    q = WordsField(label=_("Search"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    def typed(self) -> str:
        """What was typed, as it is shown again."""
        return str(self.cleaned_data.get("q", ""))

    def query(self) -> Query:
        """The words that are looked for; empty if there are none."""
        return query_of(self.typed())

    def part(self) -> str:
        """The one part that is looked in; empty for all."""
        part = self.data.get("in", "")
        return part if part in PARTS else ""
