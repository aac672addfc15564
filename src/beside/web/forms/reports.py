"""Reporting a letter, a photograph or a person, and what a moderator decides about it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.moderation.models import Report
from beside.moderation.reports import ReportText
from beside.web.forms.styled import NEEDED, TOO_LONG, NameField, StyledForm

# What a report is about, for those it is about by name, and for somebody without an account.
ABOUT = {
    (Report.Kind.LETTER, True): _("A report about a letter by %(names)s"),
    (Report.Kind.LETTER, False): _("A report about a letter by somebody without an account"),
    (Report.Kind.PHOTOGRAPH, True): _("A report about a photograph in a letter by %(names)s"),
    (Report.Kind.PHOTOGRAPH, False): _(
        "A report about a photograph in a letter by somebody without an account"
    ),
    (Report.Kind.PERSON, True): _("A report about %(names)s"),
    (Report.Kind.PERSON, False): _("A report about somebody without an account"),
    (Report.Kind.RESPONSE, True): _("A report about a response by %(names)s"),
    (Report.Kind.RESPONSE, False): _("A report about a response by somebody without an account"),
}


class ReportForm(StyledForm):
    """What is wrong, and for somebody without an account how to reach them.

    `photos` are the ids of the photographs that can be reported, each with the ordinal that it is called by.
    """

    photo = forms.TypedChoiceField(
        label=_("What is it about?"), required=False, coerce=UUID, empty_value=None
    )
    words = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("A sentence is enough."),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "class": "letter"}),
        error_messages={
            "required": _("A sentence is enough: what it is, and whom it hurts."),
            "max_length": TOO_LONG,
        },
    )
    name = NameField(
        label=_("Your name, if you like"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    address = forms.EmailField(
        label=_("Your e-mail address, if you’d like an answer"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        photos: Sequence[tuple[UUID, str]] = (),
        is_signed_in: bool,
    ) -> None:
        super().__init__(data)
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        called = [(str(photo), _("%s photograph") % ordinal) for photo, ordinal in photos]
        field.choices = [("", _("The letter as a whole")), *called]
        if not photos:
            del self.fields["photo"]
        if is_signed_in:
            del self.fields["name"], self.fields["address"]

    def photo_id(self) -> UUID | None:
        """The photograph that was chosen, if any. Only for a valid form."""
        chosen: UUID | None = self.cleaned_data.get("photo")
        return chosen

    def report_text(self) -> ReportText:
        """What was typed. Only for a valid form."""
        typed = self.cleaned_data
        return ReportText(typed["words"], typed.get("name", ""), typed.get("address", ""))


class BecauseForm(StyledForm):
    """The sentence that is read by whoever a moderator closes something for."""

    because = forms.CharField(
        label=_("Why? They’ll read this sentence."),
        help_text=_("Don’t say who wrote to you, or anything that gives it away."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": NEEDED, "max_length": TOO_LONG},
    )


class LookForm(StyledForm):
    """What a moderator needs to see, and why. `photos` are as in `ReportForm`; without them only words can be looked at."""

    photo = forms.TypedChoiceField(
        label=_("What do you need to see?"), required=False, coerce=UUID, empty_value=None
    )
    reason = forms.CharField(
        label=_("Why do you need to look? The authors will read this sentence."),
        help_text=_("Don’t say who wrote to you, or anything that gives it away."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": NEEDED, "max_length": TOO_LONG},
    )

    def __init__(
        self, data: QueryDict | None = None, *, photos: Sequence[tuple[UUID, str]] = ()
    ) -> None:
        super().__init__(data)
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(str(photo), _("%s photograph") % place) for photo, place in photos]
        field.required = bool(photos)
        if not photos:
            del self.fields["photo"]


class ResponseLookForm(LookForm):
    """Why a moderator needs to look at a response."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["reason"].label = _(
            "Why do you need to look? Its writer will read this sentence, and so will those it was passed on to."
        )
