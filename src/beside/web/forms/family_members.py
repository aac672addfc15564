"""Naming somebody who belongs to a family."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.family.models import LONGEST_NAME
from beside.web.forms.styled import TOO_LONG, NameField, StyledForm


class FamilyMemberForm(StyledForm):
    """A name, or what one says in its place. `people` can be asked whether they'd like to be named and linked."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = NameField(
        label=_("A name, or what you say"),
        help_text=_(
            "“Emil”, “Granny”, or “A child we didn’t get to name”. Leave it empty for somebody who isn’t to be named."
        ),
        max_length=LONGEST_NAME,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    person = forms.ChoiceField(
        label=_("Are they here?"),
        help_text=_(
            "They’re asked, and can be taken off at any time. Their name leads to their page once they say yes."
        ),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list, or leave it empty.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        name: str = "",
        people: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        """Without `people`, nobody can be asked, as where a member is only renamed."""
        super().__init__(data, initial={"name": name, "id": uuid4()})
        if people is None:
            del self.fields["person"]
            return
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("They have no place here, or needn’t be asked")), *people]

    def member_id(self) -> UUID:
        """The key under which the member is added: the same if the form is sent twice."""
        return self.cleaned_data["id"] or uuid4()

    def person_id(self) -> UUID | None:
        """The account that was chosen, if any."""
        return UUID(chosen) if (chosen := self.cleaned_data.get("person")) else None
