"""What a reader would rather not see."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.models import ContentPreference
from beside.posts.models import Facet
from beside.web.forms.facets import LABELS
from beside.web.forms.styled import StyledForm

CHOICES = [
    ("", _("Show it")),
    (ContentPreference.Choice.ASK, _("Ask me first")),
    (ContentPreference.Choice.NOT_FOR_NOW, _("Not for now")),
]


class PreferencesForm(StyledForm):
    """For each subject: show it, ask first, or not for now. Three choices of equal weight."""

    def __init__(self, data: QueryDict | None = None, *, chosen: Mapping[str, str]) -> None:
        super().__init__(data, initial={_name(Facet(one)): how for one, how in chosen.items()})
        for facet, label in LABELS.items():
            self.fields[_name(facet)] = forms.ChoiceField(
                label=label,
                choices=CHOICES,
                required=False,
                widget=forms.RadioSelect,
                initial="",
            )

    def choices(self) -> dict[str, str]:
        """What was chosen for each facet; empty for "Show it"."""
        return {facet: self.cleaned_data[_name(facet)] for facet in Facet}


def _name(facet: Facet) -> str:
    return facet.name.lower()
