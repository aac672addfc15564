"""What a letter can be about, and the form in which its author says so."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.posts.models import Facet
from beside.web.forms.styled import StyledForm

LABELS = {
    Facet.MISCARRIAGE: _("A miscarriage"),
    Facet.BEFORE_BIRTH: _("A baby who died before birth"),
    Facet.AFTER_BIRTH: _("A baby who died after birth"),
    Facet.MEDICAL_REASONS: _("A pregnancy ended for medical reasons"),
    Facet.TWINS: _("Twins, or more"),
    Facet.MORE_THAN_ONE: _("More than one loss"),
    Facet.AFTER_TREATMENT: _("A pregnancy after treatment"),
    Facet.BEFORE_14_WEEKS: _("Before 14 weeks"),
    Facet.WEEKS_14_TO_23: _("14 to 23 weeks"),
    Facet.FROM_24_WEEKS: _("24 weeks or later"),
    Facet.PREGNANT_AGAIN: _("Being pregnant again"),
    Facet.ILLNESS: _("An illness"),
    Facet.SOMEBODY_ELSE: _("An older child or someone else died"),
}

# After "it’s about".
ABOUT = {
    Facet.MISCARRIAGE: _("a miscarriage"),
    Facet.BEFORE_BIRTH: _("a baby who died before birth"),
    Facet.AFTER_BIRTH: _("a baby who died after birth"),
    Facet.MEDICAL_REASONS: _("a pregnancy ended for medical reasons"),
    Facet.TWINS: _("twins, or more"),
    Facet.MORE_THAN_ONE: _("more than one loss"),
    Facet.AFTER_TREATMENT: _("a pregnancy after treatment"),
    Facet.BEFORE_14_WEEKS: _("a time before 14 weeks"),
    Facet.WEEKS_14_TO_23: _("a time from 14 to 23 weeks"),
    Facet.FROM_24_WEEKS: _("a time from 24 weeks on"),
    Facet.PREGNANT_AGAIN: _("being pregnant again"),
    Facet.ILLNESS: _("an illness"),
    Facet.SOMEBODY_ELSE: _("an older child or someone else who died"),
}

# A hidden field that says the page asked: browsers send nothing for boxes that aren't ticked.
ASKED = "found_by_asked"


class FacetsForm(StyledForm):
    """What a letter is about."""

    found_by = forms.MultipleChoiceField(
        label=_("What this letter is about"),
        choices=list(LABELS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, chosen: Iterable[str] = ()) -> None:
        super().__init__(data, initial={"found_by": list(chosen)})
