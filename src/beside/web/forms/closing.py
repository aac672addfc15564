"""Closing everything that was published in a period."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from beside.web.forms.styled import StyledForm


class PeriodForm(StyledForm):
    """A period, including both days. Without a first or last day it is open on that side."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the day like this: 2025-03-14.")},
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the day like this: 2025-03-14.")},
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", gettext("The second day comes before the first."))
        return typed
