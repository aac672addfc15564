"""Naming somebody as a moderator."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_close_to
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.styled import StyledForm


class ModeratorForm(StyledForm):
    """One of the people whom the host knows here."""

    person = forms.ModelChoiceField(
        label=_("Who?"),
        help_text=_("Somebody whom you invited, who follows you, or who is in a circle of yours."),
        queryset=Account.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody.")},
    )

    def __init__(self, data: QueryDict | None = None, *, account: Account) -> None:
        super().__init__(data)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        people = people_close_to(account.pk).exclude(pk=account.pk).select_related("profile")
        field.queryset = people.distinct().order_by("profile__name", "pk")
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]
