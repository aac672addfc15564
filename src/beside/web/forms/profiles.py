"""What a person says about themselves on their own page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms import time_zones
from beside.web.forms.styled import PersonNameField, StyledForm


class ProfileForm(StyledForm):
    """A name, a few words, and a time zone."""

    name = PersonNameField(
        label=_("What may we call you?"),
        help_text=_("Any name. Two of you can share one, such as “Anna and Jonas”."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    words = forms.CharField(
        label=_("A few words"),
        help_text=_("If you like. They’re shown on your page to people who can open it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_(
            "Nobody else is shown it. It sets the days and times you see here, and the date a letter carries when you publish it."
        ),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = time_zones.choices(self.initial.get("time_zone", ""))
