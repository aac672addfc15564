"""The end of a pregnancy: which reminders of each year end with it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.family.models import Reminder
from beside.people.names import isolated
from beside.web.forms.styled import StyledForm


class EndingForm(StyledForm):
    """The reminders of each year that end too."""

    also = forms.MultipleChoiceField(
        label=_("These would go on, as they come each year. End them too?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, others: Sequence[Reminder]) -> None:
        super().__init__(data)
        field = self.fields["also"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.pk), isolated(one.typed)) for one in others]
        if not others:
            del self.fields["also"]

    def chosen(self) -> set[UUID]:
        """Their ids."""
        return {UUID(one) for one in self.cleaned_data.get("also", ())}
