"""Naming a circle, and adding somebody to it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.web.forms.styled import NameField, StyledForm


class CircleForm(StyledForm):
    """A circle's name."""

    name = NameField(
        label=_("What is it called?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("What is it called? Most people begin with one called Family.")
        },
    )


class MemberForm(StyledForm):
    """Somebody to add to a circle, chosen by name or given by mail address."""

    person = forms.TypedChoiceField(
        label=_("Somebody you know here"), required=False, coerce=UUID, empty_value=None
    )
    email = forms.EmailField(
        label=_("Or their e-mail address"),
        help_text=_(
            "It works for people who follow you, people you follow, and people you invited."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, people: list[Account], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.TypedChoiceField)
        choices = [(str(account.pk), account.profile.name) for account in people]
        field.choices = [("", _("Nobody chosen")), *choices]
