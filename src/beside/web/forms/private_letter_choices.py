"""Who may write private letters to somebody, and who reads them first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.responses.models import PrivateLetterChoice, ReadFirst, WrittenBy
from beside.web.forms.choices import Choice
from beside.web.forms.styled import StyledForm

FIRST = (
    (
        ReadFirst.AUTHORS,
        Choice(gettext_lazy("I do"), gettext_lazy("Kind or not, it comes to you as it was sent.")),
    ),
    (
        ReadFirst.NOBODY,
        Choice(
            gettext_lazy("Nobody: let it wait"),
            gettext_lazy("Nobody reads it and nobody is told, until you choose otherwise."),
        ),
    ),
)


class PrivateLetterChoiceForm(StyledForm):
    """Where somebody reads first already (`is_screened`), nothing is asked about that."""

    written_by = forms.TypedChoiceField(
        label=gettext_lazy("Who may write to you"),
        choices=WrittenBy.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    read_first = forms.TypedChoiceField(
        label=gettext_lazy("Who reads it first"),
        choices=[(int(who), label) for who, label in FIRST],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: QueryDict | None = None, *, now: PrivateLetterChoice, is_screened: bool
    ) -> None:
        is_said = now.written_by or now.read_first
        first = now.read_first if is_said else None
        super().__init__(data, initial={"written_by": now.written_by, "read_first": first})
        if is_screened:
            del self.fields["read_first"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        opens = typed.get("written_by", WrittenBy.NOBODY) > WrittenBy.NOBODY
        if opens and "read_first" in self.fields and typed.get("read_first") is None:
            says = _("Say who reads it first. Until then nobody can write to you.")
            self.add_error("read_first", says)
        return typed

    def chosen(self) -> tuple[WrittenBy, ReadFirst | None]:
        """What was chosen, once the form is valid."""
        first = self.cleaned_data.get("read_first")
        level = WrittenBy(self.cleaned_data["written_by"])
        return level, None if first is None else ReadFirst(first)
