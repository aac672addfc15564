"""What one author of a letter chooses about responses to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.responses.choices import Chosen
from beside.responses.models import ReadFirst, RespondedBy, ResponseChoice
from beside.web.forms.choices import Choice
from beside.web.forms.styled import TOO_LONG, StyledForm

LEVELS = (
    (RespondedBy.NOBODY, gettext_lazy("Nobody")),
    (RespondedBy.NAMED, gettext_lazy("People we’ve named, or who are in a circle we’ve named")),
    (RespondedBy.LET_IN, gettext_lazy("Those, and people we’ve let in at its door")),
    (RespondedBy.READERS, gettext_lazy("Anyone here who can read it")),
)
FIRST = (
    (
        ReadFirst.AUTHORS,
        Choice(gettext_lazy("We do"), gettext_lazy("Kind or not, it comes to you as it was sent.")),
    ),
    (
        ReadFirst.NOBODY,
        Choice(
            gettext_lazy("Nobody: let it wait"),
            gettext_lazy("Nobody reads it and nobody is told, until you choose otherwise."),
        ),
    ),
)


class ResponseChoiceForm(StyledForm):
    """Who may respond, who reads first, and what helps to hear.

    Where an author has somebody who reads first (`is_screened`), nothing is asked about that.
    """

    responded_by = forms.TypedChoiceField(
        label=gettext_lazy("Who may respond"),
        choices=[(int(level), label) for level, label in LEVELS],
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
    takes_presences = forms.BooleanField(
        label=gettext_lazy("They may also leave “I was here”"),
        help_text=gettext_lazy(
            "Without a word. You’re told that somebody was here, not who, and not how many."
        ),
        required=False,
    )
    helps = forms.CharField(
        label=gettext_lazy("What helps to hear, and what doesn’t"),
        help_text=gettext_lazy(
            "In your own words, above the box they write in. You can leave it empty."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    closes_at = forms.IntegerField(
        label=gettext_lazy("Take no more once this many are waiting to be read"),
        help_text=gettext_lazy(
            "A number, or nothing. Nobody is shown it. Any author of the letter can open it again."
        ),
        min_value=1,
        max_value=10_000,
        required=False,
        error_messages={
            "invalid": gettext_lazy("A number, please, or nothing."),
            "min_value": gettext_lazy("At least 1, or nothing."),
            "max_value": gettext_lazy("At most 10,000, or nothing."),
        },
    )

    def __init__(
        self, data: QueryDict | None = None, *, now: ResponseChoice, is_screened: bool
    ) -> None:
        super().__init__(data, initial=_initial(now))
        self.fields["helps"].widget.attrs.pop("maxlength", None)
        if is_screened:
            del self.fields["read_first"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        opens = typed.get("responded_by", RespondedBy.NOBODY) > RespondedBy.NOBODY
        if opens and "read_first" in self.fields and typed.get("read_first") is None:
            self.add_error(
                "read_first", _("Say who reads it first. Until then nobody can respond.")
            )
        return typed

    def chosen(self) -> Chosen:
        """What was chosen, once the form is valid."""
        typed = self.cleaned_data
        first = typed.get("read_first")
        return Chosen(
            responded_by=RespondedBy(typed["responded_by"]),
            read_first=None if first is None else ReadFirst(first),
            takes_presences=typed["takes_presences"],
            helps=typed["helps"],
            closes_at=typed["closes_at"],
        )


def _initial(now: ResponseChoice) -> dict[str, object]:
    """What was chosen before. Who reads first isn't suggested to somebody who hasn't chosen it."""
    is_said = now.pk is not None and (now.responded_by or now.read_first)
    return {
        "responded_by": now.responded_by,
        "read_first": now.read_first if is_said else None,
        "takes_presences": now.takes_presences,
        "helps": now.helps,
        "closes_at": now.closes_at,
    }
