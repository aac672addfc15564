"""Keeping somebody out of all one's doors: somebody known here, or a mail address."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.door import bans
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.styled import StyledForm

ONE_OF_THEM = _("Choose somebody, or type an e-mail address.")


class BanForm(StyledForm):
    """A person, an address, or both."""

    person = forms.ModelChoiceField(
        label=_("Somebody you know here"),
        queryset=Account.objects.none(),
        empty_label=_("Nobody chosen"),
        required=False,
        error_messages={"invalid_choice": ONE_OF_THEM},
    )
    address = forms.EmailField(
        label=_("Or an e-mail address"),
        help_text=_("It can be the address of somebody who has no place here, or none yet."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, account: Account, at: datetime) -> None:
        super().__init__(data)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        people = bans.people_to_ban(account, at=at).select_related("profile")
        field.queryset = people.order_by("profile__name", "pk")
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]

    def clean(self) -> dict[str, object]:
        """At least one of the two is needed."""
        said = super().clean() or {}
        if not self.errors and not (said.get("person") or said.get("address")):
            self.add_error("address", str(ONE_OF_THEM))
        return said
